using System.CommandLine;
using Gateway.LoadTests.Sizes;

namespace Gateway.LoadTests.Commands;

/// <summary><c>grants</c> and <c>starts</c>: the cost of large configurations.</summary>
internal static class SizesCommands
{
    private static readonly Option<int> Count = LoadOptions.Number("--count", 100_000, "Grants that are created.");
    private static readonly Option<int> Slice = LoadOptions.Number("--slice", 10_000, "Grants of one line.");
    private static readonly Option<int> ToolsCount = LoadOptions.Number(
        "--tools", 10_000, "Tools that the policy names.");
    private static readonly Option<int> Rounds = LoadOptions.Number("--rounds", 9, "Starts of each kind.");
    private static readonly Option<string?> Gateway = LoadOptions.Gateway();

    public static Command CreateGrants()
    {
        var command = new Command("grants",
            "Creates grants by the API, one after another; then starts with them.\n\nExample:\n"
            + "  load-tests/grants --count 100000")
        {
            Count, Slice, Gateway,
        };
        command.SetAction(static async (parsed, cancellation) =>
        {
            await new GrantsRun(parsed.GetValue(Gateway), parsed.GetValue(Count), parsed.GetValue(Slice))
                .MeasureAsync(Console.WriteLine, cancellation);
            return 0;
        });
        return command;
    }

    public static Command CreateStarts()
    {
        var command = new Command("starts",
            "Starts a gateway with a large policy, in turns with one with a small policy.\n\nExample:\n"
            + "  load-tests/starts --tools 10000")
        {
            ToolsCount, Rounds, Gateway,
        };
        command.SetAction(static async (parsed, cancellation) =>
        {
            await new StartsRun(parsed.GetValue(Gateway), parsed.GetValue(ToolsCount), parsed.GetValue(Rounds))
                .MeasureAsync(Console.WriteLine, cancellation);
            return 0;
        });
        return command;
    }
}
