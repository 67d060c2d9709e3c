// The theme without its web font: the reader's own fonts serve, and nothing is fetched.
import theme from 'vitepress/theme-without-fonts'
import 'katex/dist/katex.min.css'
import './pages.css'
import './diagram.css'

export default theme
