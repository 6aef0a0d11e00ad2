import sys
def rss():
    d={l.split(':')[0]:int(l.split()[1])//1024 for l in open('/proc/self/status') if l.startswith(('VmRSS','VmHWM','RssAnon','RssFile'))}
    return d
import numpy as np, numba, pyarrow
print('start',rss())
import builtins, traceback
orig=builtins.__import__
seen=set()
def imp(name,g=None,l=None,f=(),lev=0):
    if name.startswith(('scipy','cffi','numpy.testing','numpy.f2py')) and name not in seen:
        seen.add(name); s=traceback.extract_stack(limit=9); print('IMPORT',name,[f'{x.filename[-40:]}:{x.lineno}' for x in s[:-1] if 'importlib' not in x.filename][-3:], rss()['VmRSS'])
    return orig(name,g,l,f,lev)
builtins.__import__=imp
@numba.njit(cache=True)
def f(a):
    s=0
    for i in range(a.shape[0]): s+=a[i]
    return s
f(np.arange(10)); print('after f',rss())
