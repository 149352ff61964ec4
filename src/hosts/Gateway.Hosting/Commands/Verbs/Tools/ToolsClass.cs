using System.CommandLine;
using System.Text;
using System.Text.Json;
using Gateway.Admin.Tools;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Tools;

/// <summary><c>gateway tools class</c>: an operator's choice of the class by which policies decide on a tool.</summary>
internal static class ToolsClass
{
    private static readonly Argument<string> Server = new("server")
    {
        Description = "The server that offers the tool.",
    };

    private static readonly Argument<string> Tool = new("tool") { Description = "The tool's name." };

    private static readonly Argument<string> Class = new("class")
    {
        Description = "Read, Write, Execute, Destructive, Financial, Secret or uncertain.",
    };

    private static readonly Option<string> Reason = new("--reason")
    {
        Description = "The reason, shown with your name and the time.",
        HelpName = "TEXT",
        Required = true,
    };

    public static Command Create() => RemoteVerb.Create("class",
        "Set the class of a tool, which the \"classes\" of policies use. Accept the tool's definition first.\n\n"
        + "Example:\n  gateway tools class crm sync_all Write --reason \"only adds rows\"",
        RunAsync, Server, Tool, Class, Reason);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var (tool, toolClass) = (parsed.GetValue(Tool)!, parsed.GetValue(Class)!);
        var body = JsonSerializer.SerializeToNode(
            new ToolClassInput(toolClass, parsed.GetValue(Reason)!), ClientJson.Default.ToolClassInput)!;
        await client.PutAsync(
            $"catalogue/{Uri.EscapeDataString(parsed.GetValue(Server)!)}/tools/{Uri.EscapeDataString(tool)}/class",
            Encoding.UTF8.GetBytes(body.ToJsonString()), cancellation);
        output.Say($"{tool} has the class {toolClass} in policies. See: gateway tools list", body);
        return ExitCode.Well;
    }
}
