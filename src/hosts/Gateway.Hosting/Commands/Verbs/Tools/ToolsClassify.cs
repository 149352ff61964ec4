using System.CommandLine;
using System.Text;
using System.Text.Json;
using Gateway.Admin.Tools;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Tools;

/// <summary><c>gateway tools classify</c>: an operator's classification of a tool.</summary>
internal static class ToolsClassify
{
    private static readonly Argument<string> Server = new("server")
    {
        Description = "The server that offers the tool.",
    };

    private static readonly Argument<string> Tool = new("tool") { Description = "The tool's name." };

    private static readonly Option<string?> Category = new("--category")
    {
        Description = "Read, Write, Execute, Destructive, Financial or Secret.",
        HelpName = "WORD",
    };

    private static readonly Option<string?> Risk = new("--risk")
    {
        Description = "Low, Medium, High or Critical.",
        HelpName = "WORD",
    };

    private static readonly Option<string?> Note = new("--note")
    {
        Description = "The reason, shown with your name and the time.",
        HelpName = "TEXT",
    };

    private static readonly Option<bool> Clear = new("--clear")
    {
        Description = "Restore the classifier's result.",
    };

    public static Command Create() => RemoteVerb.Create("classify",
        "Set a tool's category and risk, overriding the classifier. Later changes of the tool's definition are "
        + "flagged.\n\n"
        + "Examples:\n"
        + "  gateway tools classify crm sync_all --category Write --risk Medium --note \"only adds rows\"\n"
        + "  gateway tools classify crm sync_all --clear", RunAsync, Server, Tool, Category, Risk, Note, Clear);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var tool = parsed.GetValue(Tool)!;
        var path = $"catalogue/{Uri.EscapeDataString(parsed.GetValue(Server)!)}"
            + $"/tools/{Uri.EscapeDataString(tool)}/classification";
        var (category, risk, note) = (parsed.GetValue(Category), parsed.GetValue(Risk), parsed.GetValue(Note));
        if (parsed.GetValue(Clear))
        {
            await client.DeleteAsync(path, null, cancellation);
            output.Say($"{tool} has the classifier's category and risk again.", null);
            return ExitCode.Well;
        }

        if (category is null || risk is null || note is null)
        {
            Console.Error.WriteLine("Write --category, --risk and --note, or --clear.");
            return ExitCode.Usage;
        }

        var body = JsonSerializer.SerializeToNode(
            new ClassificationInput(category, risk, note), ClientJson.Default.ClassificationInput)!;
        await client.PutAsync(path, Encoding.UTF8.GetBytes(body.ToJsonString()), cancellation);
        output.Say($"{tool} is {category}, {risk}, as you set it. See: gateway tools show", body);
        return ExitCode.Well;
    }
}
