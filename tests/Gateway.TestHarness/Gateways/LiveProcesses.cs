namespace Gateway.TestHarness.Gateways;

/// <summary>
/// A finder of processes by id that also waits for their end. A zombie counts as alive, because its parent failed to
/// reap it.
/// </summary>
public static class LiveProcesses
{
    public static bool IsAlive(int process) => Directory.Exists($"/proc/{process}");

    public static int[] Alive(IEnumerable<int> processes) => [.. processes.Where(IsAlive)];

    /// <summary>Returns as soon as none is left; fails with the remaining ones.</summary>
    public static async Task AllGoneAsync(Func<IEnumerable<int>> processes)
    {
        await Until(() => Alive(processes()).Length == 0);
        Assert.Empty(Alive(processes()));
    }

    /// <summary>Returns as soon as the condition holds, or after the longest time that a test waits.</summary>
    public static async Task Until(Func<bool> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        using var patience = new CancellationTokenSource(Soon.AtMost);
        while (!holds() && !patience.IsCancellationRequested)
            await timer.WaitForNextTickAsync();
    }

    /// <summary>Returns the present child processes of a process.</summary>
    public static int[] ChildrenOf(int parent) =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(static name => int.TryParse(name, out _)).Select(static name => int.Parse(name!, null))
            .Where(process => ParentOf(process) == parent),
    ];

    private static int ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
