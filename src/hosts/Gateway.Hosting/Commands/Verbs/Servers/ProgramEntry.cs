using System.Text.Json.Nodes;
using Gateway.Control.Contracts;
using Gateway.Hosting.Commands.Printing;

namespace Gateway.Hosting.Commands.Verbs.Servers;

/// <summary>
/// The entry for a program, printed for the configuration file, which is the only place to register programs.
/// Registering one runs code with the gateway's rights, which an admin key must not confer.
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
