using Gateway.Cluster;
using Gateway.Cluster.Certificates;
using Gateway.Cluster.Demo;
using Gateway.Cluster.Hosting;
using Gateway.Cluster.Settings;
using Gateway.Hosting;

return await GatewayProgram.RunAsync(args, static () =>
{
    var command = ClusterCommand.Create(ClusterRun.RunAsync, ProgramExtensions.All, ProgramExtensions.Accounts);
    command.Subcommands.Add(CertsCommand.Create());
    command.Subcommands.Add(ClusterDemo.Command());
    return command;
}, isJsonByDefault: true);
