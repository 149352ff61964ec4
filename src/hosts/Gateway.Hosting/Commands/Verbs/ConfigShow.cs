using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway config show</c>: with what the gateway was started, and where each value comes from.</summary>
internal static class ConfigShow
{
    private static readonly Option<bool> Given = new("--given")
    {
        Description = "Only what the command line or the environment said.",
    };

    public static Command Create() => RemoteVerb.Create("show",
        "Show with what the gateway was started and where each value comes from: the command line, a variable of the "
        + "environment or the default; and what its configuration file says, line by line. Secrets are not shown.\n\n"
        + "Example:\n  gateway config show --given",
        RunAsync, Given);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var config = (await client.GetAsync("config", cancellation)).Object;
        if (output.IsJson)
        {
            output.Json(config);
            return ExitCode.Well;
        }

        var settings = config["settings"]!.AsArray()
            .Where(setting => !parsed.GetValue(Given) || (string?)setting!["source"] != "default")
            .Select(static setting => setting!.DeepClone());
        output.Table(
            new JsonArray([.. settings]), "Everything is as by default.",
            ("SETTING", static one => (string?)one["name"]),
            ("VALUE", static one => (string?)one["value"]),
            ("FROM", static one => (string?)one["source"]));
        output.Line("");
        output.Table(
            config["objects"]!.AsArray(), "",
            ("OBJECTS", static one => (string?)one["kind"]),
            ("FILE", static one => $"{one["file"]}"),
            ("STORED", static one => $"{one["stored"]}"));
        if (config["file"] is not JsonObject file)
            return ExitCode.Well;
        output.Line("");
        output.Table(
            file["members"]!.AsArray(), "The configuration file says nothing.",
            ("IN THE FILE", static one => (string?)one["pointer"]),
            ("VALUE", static one => (string?)one["value"]),
            ("FROM", one => $"{file["path"]}:{one["line"]}"));
        return ExitCode.Well;
    }
}
