using System.CommandLine;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Configuration;

/// <summary>
/// <c>gateway config show</c>: the settings with which the gateway was started, and the source of each value.
/// </summary>
internal static class ConfigShow
{
    private static readonly Option<bool> Given = new("--given")
    {
        Description = "Only the settings that the command line or the environment gives.",
    };

    public static Command Create() => RemoteVerb.Create("show",
        "Show the gateway's settings and the source of each: the command line, a variable of the "
        + "environment or the default; then its configuration file, line by line. Secrets are not shown.\n\n"
        + "Example:\n  gateway config show --given",
        RunAsync, Given);

    private static async Task<int> RunAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var reply = await client.GetAsync("config", ClientJson.Default.EffectiveConfigView, cancellation);
        if (output.IsJson)
        {
            output.Json(reply.Json);
            return ExitCode.Well;
        }

        var config = reply.Value;
        output.Table(
            config.Settings.Where(setting => !parsed.GetValue(Given) || setting.Source != "default"),
            "All settings have their defaults.",
            ("SETTING", static one => one.Name),
            ("VALUE", static one => one.Value),
            ("FROM", static one => one.Source));
        output.Line("");
        output.Table(
            config.Objects, "",
            ("OBJECTS", static one => one.Kind),
            ("FILE", static one => $"{one.File}"),
            ("STORED", static one => $"{one.Stored}"));
        if (config.File is not { } file)
            return ExitCode.Well;
        output.Line("");
        output.Table(
            file.Members, "The configuration file is empty.",
            ("IN THE FILE", static one => one.Pointer),
            ("VALUE", static one => one.Value),
            ("FROM", one => $"{file.Path}:{one.Line}"));
        return ExitCode.Well;
    }
}
