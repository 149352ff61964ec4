using Gateway.Server;
using Gateway.Server.Commands;
using Gateway.Server.Demo;

return await GatewayProgram.RunAsync(args, static () => new("An MCP gateway with exact, fleet-wide rate limits.")
{
    RunCommand.Create(),
    DemoCommand.Create(),
});
