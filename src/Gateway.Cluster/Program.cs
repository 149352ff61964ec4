using System.CommandLine;
using Gateway.Cluster;
using Gateway.Cluster.Hosting;

// The host drains on SIGTERM within its own grace period; the command line's own time-out of 2 s would cut that short.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null };
return await ClusterCommand.Create(ClusterRun.RunAsync).Parse(args).InvokeAsync(configuration);
