using System.CommandLine;
using Gateway.LoadTests.Commands;

var root = new RootCommand("Load on real gateways, and the proxy next to others.")
{
    ScenariosCommand.Create(),
    SideBySideCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
