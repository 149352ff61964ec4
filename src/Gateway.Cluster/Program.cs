using Gateway.Cluster;
using Gateway.Cluster.Hosting;

return await ClusterCommand.Create(ClusterRun.RunAsync).Parse(args).InvokeAsync();
