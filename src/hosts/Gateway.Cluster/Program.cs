using System.CommandLine;
using Gateway.Cluster.Hosting;
using Gateway.Cluster.Settings;
using Gateway.Control.Options;
using Gateway.Upstreams.Stdio.Processes;

// Before anything else: it starts with the first program, and its gateway waits for it.
if (args is [SupervisorStart.Verb])
    return await Supervisor.RunAsync(Console.In, Console.Out);

// The host drains on SIGTERM within its own grace period; the command line's own time-out of 2 s would cut that short.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null };
// An argument that begins with @ is an argument, never a file to read more of them from.
var parsing = new ParserConfiguration { ResponseFileTokenReplacer = null };
return await ClusterCommand.Create(ClusterRun.RunAsync).Parse(args, parsing).InvokeAsync(configuration);
