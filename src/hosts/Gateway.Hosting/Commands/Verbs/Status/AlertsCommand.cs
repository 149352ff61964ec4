using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Control.Contracts;
using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Status;

/// <summary>
/// <c>gateway alerts</c>: manages the alert rules that the gateway measures itself, and exports those of the Helm chart
/// for Prometheus.
/// </summary>
internal static class AlertsCommand
{
    private const string DefaultJob = "policy-gateway";

    private static readonly MemberOptions New = new(AlertSpec.Members, "measure", "above");

    private static readonly Option<bool> Dashboard = new("--dashboard")
    {
        Description = "Print the Grafana dashboard (JSON) instead of the rules.",
    };

    private static readonly Option<string> Job = new("--job")
    {
        Description = "The job_name with which Prometheus scrapes the gateways.",
        DefaultValueFactory = static _ => DefaultJob,
        HelpName = "NAME",
    };

    public static Command Create()
    {
        var export = new Command("export",
            "Print the recording rules and alerts for Prometheus, or the dashboard for Grafana. The Helm chart "
            + "installs the same rules, alerts and dashboard.\ndocs/how-to/runbook.md has a section for each "
            + "alert.\n\nExamples:\n"
            + "  gateway alerts export > /etc/prometheus/policy-gateway.rules.yaml\n"
            + "  gateway alerts export --job mcp > /etc/prometheus/policy-gateway.rules.yaml\n"
            + "  gateway alerts export --dashboard > policy-gateway.json")
        {
            Dashboard, Job,
        };
        Job.Validators.Add(static result =>
        {
            var name = result.GetValueOrDefault<string>();
            if (name.Length == 0 || name.Any(static c => c is '"' or '\\' || char.IsControl(c)))
                result.AddError("--job must be a name without quotes, backslashes and control characters.");
        });
        export.SetAction(static parsed =>
        {
            Console.Out.Write(parsed.GetValue(Dashboard) ? Read("dashboard.json") : Rules(parsed.GetValue(Job)!));
            return ExitCode.Well;
        });
        return new Command("alerts", "Manage alert rules, or export those for Prometheus.")
        {
            RemoteVerb.Create("create",
                "Create an alert rule. While its value is above the threshold, channels are notified once an hour.\n\n"
                + "Examples:\n  gateway alerts create refunds-refused --measure refusal-rate --above 20 --server pay\n"
                + "  gateway alerts create spend --measure limit-use --limit refunds --above 80",
                CreateAsync, [Resources.Alerts.Name, .. New.All]),
            Resources.Alerts.Set(
                "Change an alert rule. Members that are not given stay the same.\n\nExample:\n"
                + "  gateway alerts set spend --above 90",
                new MemberOptions(AlertSpec.Members)),
            Resources.Alerts.Show("Show an alert rule and its value.\n\nExample:\n  gateway alerts show spend"),
            Resources.Alerts.List("List the alert rules and their values.\n\nExample:\n  gateway alerts list"),
            RemoteVerb.Create("test",
                "Measure an alert rule, and send a test message to the channels that would be notified.\n\n"
                + "Example:\n  gateway alerts test spend", TestAsync, Resources.Alerts.Name),
            Resources.Alerts.Remove(
                "remove", "Remove an alert rule.\n\nExample:\n  gateway alerts remove spend", "is removed.",
                isUnconditional: true),
            export,
        };
    }

    private static async Task<int> CreateAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var body = new JsonObject();
        if (!New.TryRead(parsed, body))
            return ExitCode.Usage;
        var (name, path) = (parsed.GetValue(Resources.Alerts.Name), Resources.Alerts.PathOf(parsed));
        if (await client.VersionAsync(path, cancellation) is not null)
        {
            Console.Error.WriteLine($"The alert rule \"{name}\" already exists. Change it: gateway alerts set {name}");
            return ExitCode.No;
        }

        var made = await client.PutAsync(
            path, Encoding.UTF8.GetBytes(body.ToJsonString()), null, ClientJson.Default.AlertView, cancellation);
        output.Say($"{name} was created. {made.Value.Text}.", made.Json);
        output.Note($"Try it: gateway alerts test {name}");
        return ExitCode.Well;
    }

    private static async Task<int> TestAsync(
        ParseResult parsed, AdminClient client, Output output, CancellationToken cancellation)
    {
        var test = await client.PostAsync(
            $"{Resources.Alerts.PathOf(parsed)}/test", ClientJson.Default.AlertTest, cancellation);
        var channels = test.Value.Channels;
        output.Say($"{ResourceText.State(test.Value.Alert)}: {test.Value.Alert.Text}.", test.Json);
        foreach (var one in channels)
        {
            output.Note(one.Delivered ? $"{one.Channel} accepted the message."
                : $"{one.Channel} did not accept the message: {one.Problem}");
        }

        if (channels.Count == 0)
            output.Note("No channel accepts this alert. See: gateway channel add");
        return channels.Count > 0 && channels.All(static one => one.Delivered) ? ExitCode.Well : ExitCode.No;
    }

    // YAML escapes quotes in double-quoted scalars, so both spellings occur.
    private static string Rules(string job) => Read("rules.yaml")
        .Replace($"job=\"{DefaultJob}\"", $"job=\"{job}\"", StringComparison.Ordinal)
        .Replace($"job=\\\"{DefaultJob}\\\"", $"job=\\\"{job}\\\"", StringComparison.Ordinal);

    private static string Read(string name)
    {
        using var reader = new StreamReader(
            typeof(AlertsCommand).Assembly.GetManifestResourceStream($"monitoring/{name}")!);
        return reader.ReadToEnd();
    }
}
