using System.CommandLine;
using Gateway.LoadTests.Commands;

const int Usage = 2;
var root = new RootCommand("Load on real gateways, and the proxy next to others.")
{
    ScenariosCommand.Create(),
    SideBySideCommand.Create(),
    K6Command.Create(),
    SeveralCommand.Create(),
    ConsolesCommand.Create(),
    SoakCommand.Create(),
    LimitersCommand.Create(),
    SizesCommands.CreateGrants(),
    SizesCommands.CreateStarts(),
    ProgramSizeCommand.Create(),
    StreamsMemoryCommand.Create(),
    TableCommand.Create(),
};
ExtensionCommands.Add(root);
var parsed = root.Parse(args);
try
{
    var code = await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count > 0 ? Usage : code;
}
catch (Exception e) when (e is IOException or InvalidOperationException)
{
    // A program is missing or did not start; the message contains its output.
    await Console.Error.WriteLineAsync(e.Message);
    return Usage;
}
