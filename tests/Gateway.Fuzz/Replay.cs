namespace Gateway.Fuzz;

/// <summary>Runs one target over files, each in bounded time, and counts them.</summary>
internal static class Replay
{
    /// <summary>
    /// Processor time, since the machine may be busy. An input is small, so a slower one shows work that grows faster
    /// than the input.
    /// </summary>
    private static readonly TimeSpan InputMax = TimeSpan.FromSeconds(10);

    /// <returns>0 where every input passed.</returns>
    public static int Run(Action<byte[]> target, string name, IReadOnlyList<string> files)
    {
        var failed = 0;
        foreach (var file in files)
        {
            var input = File.ReadAllBytes(file);
            var began = Environment.CpuUsage.TotalTime;
            try
            {
                target(input);
                var taken = Environment.CpuUsage.TotalTime - began;
                if (taken <= InputMax)
                    continue;
                Console.WriteLine($"!! {name} {file}: took {taken.TotalSeconds:0.0} s of processor time");
            }
            catch (Exception e)
            {
                Console.WriteLine($"!! {name} {file}: {e}");
            }

            failed++;
        }

        Console.WriteLine($"{files.Count - failed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }
}
