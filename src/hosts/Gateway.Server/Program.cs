using Gateway.Hosting;
using Gateway.Hosting.Commands;
using Gateway.Hosting.Demo;
using Gateway.Server;

return await GatewayProgram.RunAsync(args, static () => new("An MCP gateway with exact, fleet-wide rate limits.")
{
    RunCommand.Create(ProgramExtensions.All),
    DemoCommand.Create(),
});
