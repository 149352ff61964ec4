using Gateway.Hosting;
using Gateway.Hosting.Commands;
using Gateway.Hosting.Demo;

return await GatewayProgram.RunAsync(args, static () => new("An MCP gateway with exact, fleet-wide rate limits.")
{
    RunCommand.Create(),
    DemoCommand.Create(),
});
