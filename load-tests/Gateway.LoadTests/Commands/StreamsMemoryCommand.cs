using System.CommandLine;
using Gateway.LoadTests.Streams;

namespace Gateway.LoadTests.Commands;

/// <summary><c>streams-memory</c>: the memory that an idle stream takes in a gateway, and in a bare proxy.</summary>
internal static class StreamsMemoryCommand
{
    private static readonly Option<int> Streams = LoadOptions.Number(
        "--streams", 2000, "Streams that are open at once.");

    private static readonly Option<int> Rounds = LoadOptions.Number("--rounds", 9, "Rounds; figures are medians.");

    private static readonly Option<string?> Gateway = LoadOptions.Gateway();

    private static readonly Option<string?> Before = LoadOptions.Executable(
        "--before", "The executable of another build, measured in the same turns.");

    public static Command Create()
    {
        var command = new Command("streams-memory",
            "Hold idle streams open and say what each takes of the gateway's memory.\n\n"
            + "Example:\n  gateway-load streams-memory --streams 2000 --rounds 9")
        {
            Streams, Rounds, Gateway, Before,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var found = await StreamsMemory.RunAsync(
            new StreamsMemoryOptions
            {
                Gateway = parsed.GetValue(Gateway),
                Before = parsed.GetValue(Before),
                Streams = parsed.GetValue(Streams),
                Rounds = parsed.GetValue(Rounds),
            },
            Console.Error.WriteLine, cancellationToken);
        Console.WriteLine($"{"kB a stream",-24}{"median",8}{"least",8}{"most",8}");
        foreach (var series in found)
            Console.WriteLine($"{series.Name,-24}{series.Median,8:0.0}{series.Least,8:0.0}{series.Most,8:0.0}");
        return 0;
    }
}
