import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { formatAction } from '@checkpoint-schedules/core'
import { heterogeneous } from '../src/index.js'
const cases = readFileSync('/work/shared/golden/bytes.jsonl','utf8').trim().split('\n').map((l)=>JSON.parse(l))
test('golden', () => {
  let ok=0, inf=0, bad: any[]=[]
  for (const [i,c] of cases.entries()) {
    const {forward,tape,adjoint,ram,...rest}=c.args
    const o = {steps:c.steps,forwardCost:forward,adjointCost:adjoint,ramBytes:ram,...rest,...(tape&&{tapeCost:tape})}
    let s; try { s = heterogeneous(o) } catch(e:any) { if (c.infeasible) inf++; else bad.push([i,e.message]); if(inf<4) console.log(e.message); continue }
    if (c.infeasible) { bad.push([i,'feasible?']); continue }
    const lines=[...s].map((a)=>formatAction(a))
    const opt=s.optimum()!
    if (lines.length!==c.count|| (c.actions && lines.join('|')!==c.actions.join('|')) || opt.makespan!==c.makespan || opt.forwardSteps!==c.forwardSteps) bad.push([i, opt.makespan, c.makespan]); else ok++
  }
  console.log(ok,inf,bad.length,bad.slice(0,5))
})
test('speed', () => {
  for (const [a,d,ram,N] of [[1,2,40,1000],[1,2,40,10000],[1,2,63,100000],[2,1,33,100000]]) {
    const t=performance.now()
    const s=heterogeneous({steps:N,forwardCost:1,adjointCost:1,stateBytes:a,tapeBytes:d,ramBytes:ram})
    const r=s.start(); r.next()
    const t1=performance.now()
    console.log(N,a,d,ram,(t1-t).toFixed(0),'ms', s.optimum(), (performance.now()-t1).toFixed(0))
  }
}, 100000)
