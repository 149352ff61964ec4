using Gateway.Cluster.Certificates;
using Gateway.Cluster.Hosting;
using Gateway.Cluster.Settings;
using Gateway.Server;

return await GatewayProgram.RunAsync(args, static () =>
{
    var command = ClusterCommand.Create(ClusterRun.RunAsync);
    command.Subcommands.Add(CertsCommand.Create());
    return command;
});
