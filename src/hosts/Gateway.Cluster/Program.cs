using Gateway.Cluster.Hosting;
using Gateway.Cluster.Settings;
using Gateway.Server;

return await GatewayProgram.RunAsync(args, static () => ClusterCommand.Create(ClusterRun.RunAsync));
