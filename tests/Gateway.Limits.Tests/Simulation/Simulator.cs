namespace Gateway.Limits.Tests.Simulation;

/// <summary>Runs schedules from seeds, and shrinks the first that fails.</summary>
internal static class Simulator
{
    private const int ShrinkMax = 3000;

    /// <summary>Null if every schedule keeps every promise; else what is needed to see it fail again.</summary>
    public static string? FindViolation(WorldOptions options, int firstSeed, int schedules, out int ran)
    {
        for (ran = 0; ran < schedules; ran++)
        {
            var choices = new Choices(firstSeed + ran);
            if (Fails(options, choices, out _) is not null) return Explain(options, firstSeed + ran, choices.Made);
        }

        return null;
    }

    private static string? Fails(WorldOptions options, Choices choices, out World world)
    {
        world = new World(options, choices);
        try
        {
            world.Run();
            return null;
        }
        catch (Exception failure) when (failure is Violation or InvalidOperationException or OverflowException)
        {
            return failure.Message;
        }
    }

    private static string Explain(WorldOptions options, int seed, List<int> made)
    {
        var shortest = Shrink(options, made);
        var message = Fails(options, new Choices(shortest), out var world);
        return $"seed {seed}: {message}\n  after {shortest.Count} choices:\n  " + string.Join("\n  ", world.Trace);
    }

    /// <summary>Leaves out ever smaller stretches of choices, then makes each as small as it can be.</summary>
    private static List<int> Shrink(WorldOptions options, List<int> made)
    {
        var best = made;
        var tries = 0;
        for (var length = best.Count / 2; length > 0 && tries < ShrinkMax; length /= 2)
        {
            for (var at = 0; at + length <= best.Count && tries < ShrinkMax; tries++)
            {
                List<int> shorter = [.. best[..at], .. best[(at + length)..]];
                if (Fails(options, new Choices(shorter), out _) is not null) best = shorter;
                else at += length;
            }
        }

        return best;
    }
}
