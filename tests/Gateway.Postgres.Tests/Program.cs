using Gateway.Postgres.Tests.Costs;

namespace Gateway.Postgres.Tests;

/// <summary>What this assembly does when it is started as a process rather than by the test runner.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["frontend", .. var rest]:
                return await Frontend.RunAsync(FrontendOptions.Parse(rest));
            case ["figures", .. var rest]:
                return await FleetFigures.PrintAsync(rest);
            default:
                await Console.Error.WriteLineAsync(
                    "usage: figures [SECONDS [decisions|refusals|usual|gaps]…]");
                return 2;
        }
    }
}
