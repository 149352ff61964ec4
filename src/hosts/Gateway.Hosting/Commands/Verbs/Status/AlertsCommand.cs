using System.CommandLine;

namespace Gateway.Hosting.Commands.Verbs.Status;

/// <summary>
/// <c>gateway alerts export</c>: writes the alert rules and the dashboard of the Helm chart to files.
/// </summary>
internal static class AlertsCommand
{
    private const string DefaultJob = "policy-gateway";

    private static readonly Option<bool> Dashboard = new("--dashboard")
    {
        Description = "Prints the Grafana dashboard (JSON) instead of the rules.",
    };

    private static readonly Option<string> Job = new("--job")
    {
        Description = "The job_name under which Prometheus scrapes the gateways.",
        DefaultValueFactory = static _ => DefaultJob,
        HelpName = "NAME",
    };

    public static Command Create()
    {
        var export = new Command("export",
            "Print the recording rules and alerts for Prometheus, or the dashboard for Grafana. The Helm chart "
            + "installs the same.\ndocs/how-to/runbook.md has a section for each alert.\n\nExamples:\n"
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
        return new Command("alerts", "Alert rules and the dashboard, for installations without Helm.") { export };
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
