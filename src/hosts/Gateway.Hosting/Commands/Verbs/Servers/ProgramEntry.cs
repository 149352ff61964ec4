using System.Text.Json.Nodes;
using Gateway.Control.Contracts;
using Gateway.Hosting.Commands.Printing;

namespace Gateway.Hosting.Commands.Verbs.Servers;

/// <summary>
/// Programs are registered in the configuration file only: whoever registers one runs code as the gateway, which the
/// key of its admin API must not be worth. What to write there is printed instead.
/// </summary>
internal static class ProgramEntry
{
    public static int Print(string name, string program, string[] arguments, Output output)
    {
        Console.Error.WriteLine(ServerFile.ProgramRefusal);
        output.Json(new JsonObject
        {
            [name] = new JsonObject
            {
                ["command"] = program,
                ["args"] = new JsonArray([.. arguments.Select(static argument => JsonValue.Create(argument))]),
                ["env"] = new JsonObject(),
            },
        });
        return ExitCode.No;
    }
}
