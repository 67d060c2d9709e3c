// Changelogs are for users: what changed, in the sentence that the changeset has; no commits, no list of internal dependencies.
module.exports = {
  getReleaseLine: async ({ summary }) => `- ${summary.trim().split('\n').join('\n  ')}`,
  getDependencyReleaseLine: async () => '',
}
