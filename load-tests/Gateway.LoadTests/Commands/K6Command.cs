using System.CommandLine;
using Gateway.LoadTests.K6;
using Gateway.LoadTests.Processes;
using Gateway.LoadTests.Scenarios;

namespace Gateway.LoadTests.Commands;

/// <summary><c>k6</c>: runs the k6 scripts, each against gateways with the policy that it needs.</summary>
internal static class K6Command
{
    private static readonly Argument<string[]> Names = new("script")
    {
        Description = "Which: " + string.Join(", ", K6Script.All.Select(static script => script.Name))
            + ". Default: all that can be run.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> Scripts = new("--scripts")
    {
        Description = "The folder of the scripts.",
        DefaultValueFactory = _ => "load-tests/k6",
    };

    private static readonly Option<string?> K6 = new("--k6") { Description = "k6 itself. Default: from PATH." };

    private static readonly Option<int> Seconds = LoadOptions.Seconds(20, "How long each script sends.");

    private static readonly Option<double> Slack = new("--slack")
    {
        Description = "Multiplies the thresholds of time: 10 on a machine that others use too.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string?> Gateway = LoadOptions.Gateway();

    private static readonly Option<string?> Postgres = LoadOptions.Postgres();

    public static Command Create()
    {
        Names.AcceptOnlyFromAmong([.. K6Script.All.Select(static script => script.Name)]);
        var command = new Command("k6",
            "Run the k6 scripts against real gateways; rollout needs --postgres.\n\n"
            + "Example:\n  load-tests/k6/run steady edge --seconds 10")
        {
            Names, Scripts, K6, Seconds, Slack, Gateway, Postgres,
        };
        command.SetAction(RunAsync);
        return command;
    }

    /// <returns>1 if a threshold or a limit does not hold, 2 if something is missing.</returns>
    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if ((parsed.GetValue(K6) ?? Tools.Find("k6")) is not { } k6 || !File.Exists(k6))
        {
            Console.Error.WriteLine("k6 is not there: install it (https://grafana.com/docs/k6), or name it with --k6.");
            return 2;
        }

        var options = new ScenarioOptions
        {
            Gateway = parsed.GetValue(Gateway),
            Postgres = parsed.GetValue(Postgres),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
        };
        var slack = parsed.GetValue(Slack);
        var asked = parsed.GetValue(Names) is { Length: > 0 } names ? names : null;
        var problems = 0;
        foreach (var script in K6Script.All.Where(script => asked?.Contains(script.Name) ?? true))
        {
            if (script.IsRollout && options.Postgres is null)
            {
                Console.WriteLine($"{script.Name}: not run; two gateways share a database: name it with --postgres.");
                problems += asked is null ? 0 : 1;
                continue;
            }

            // A single gateway counts in its journal.
            var place = script.IsRollout ? options : options with { Postgres = null };
            foreach (var problem in await K6Run.RunAsync(
                script, k6, parsed.GetValue(Scripts)!, place, slack, cancellationToken))
            {
                Console.WriteLine($"  PROBLEM    {problem}");
                problems++;
            }
        }

        return problems == 0 ? 0 : 1;
    }
}
