using System.CommandLine;
using Gateway.LoadTests.Soak;

namespace Gateway.LoadTests.Commands;

/// <summary><c>soak</c>: checks that a gateway under steady load stays stable.</summary>
internal static class SoakCommand
{
    private static readonly Option<double> Minutes = Positive("--minutes", 60, "How long the load is sent.");

    private static readonly Option<double> Share = Positive(
        "--share", 0.5, "The part of the full rate that is sent; the full rate is found first.");

    private static readonly Option<double?> Rate = new("--rate")
    {
        Description = "Calls a second, instead of a part of the full rate.",
    };

    private static readonly Option<DirectoryInfo> Out = new("--out")
    {
        Description = "Where soak.svg and soak.txt are written.",
        DefaultValueFactory = _ => new DirectoryInfo("artifacts/soak"),
    };

    private static readonly Option<string> AuditBytes = new("--audit-bytes")
    {
        Description = "The most that the gateway's record may take.",
        DefaultValueFactory = _ => "512MB",
    };

    private static readonly Option<bool> Inline = new("--inline") { Description = "Run it with --io inline." };

    private static readonly Option<string?> Gateway = LoadOptions.Gateway();

    public static Command Create()
    {
        Rate.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<double?>() is <= 0)
                result.AddError("--rate is more than 0.");
        });
        var command = new Command("soak",
            "Steady load on one gateway, with memory, handles, threads, disk and latency drawn; needs Linux.\n\n"
            + "Example:\n  load-tests/soak --minutes 3 --rate 200")
        {
            Minutes, Share, Rate, Out, AuditBytes, Inline, Gateway,
        };
        command.SetAction(RunAsync);
        return command;
    }

    /// <returns>1 if memory, handles or threads grew, or a call failed.</returns>
    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            throw new InvalidOperationException("soak reads handles and threads from /proc, which only Linux has.");
        var report = await SoakRun.RunAsync(
            new SoakOptions
            {
                Gateway = parsed.GetValue(Gateway),
                IsInline = parsed.GetValue(Inline),
                Duration = TimeSpan.FromMinutes(parsed.GetValue(Minutes)),
                Share = parsed.GetValue(Share),
                RatePerSecond = parsed.GetValue(Rate),
                AuditBytes = parsed.GetValue(AuditBytes)!,
            },
            Console.Error.WriteLine,
            cancellationToken);
        var folder = parsed.GetValue(Out)!;
        folder.Create();
        var (text, drawing) = (report.Text(), Path.Combine(folder.FullName, "soak.svg"));
        await File.WriteAllTextAsync(drawing, report.Svg(), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "soak.txt"), text, CancellationToken.None);
        Console.Write(text);
        Console.WriteLine($"  drawn      {drawing}");
        return report.Problems.Count == 0 ? 0 : 1;
    }

    private static Option<double> Positive(string name, double otherwise, string description)
    {
        var option = new Option<double>(name) { Description = description, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() <= 0)
                result.AddError($"{name} is more than 0.");
        });
        return option;
    }
}
