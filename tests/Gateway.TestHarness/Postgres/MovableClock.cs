namespace Gateway.TestHarness.Postgres;

/// <summary>The clock of a process that was started with it, moved while that runs.</summary>
public sealed class MovableClock
{
    private readonly string _file;

    public MovableClock(TestFolder folder)
    {
        _file = Path.Combine(folder.Path, $"clock-{Guid.NewGuid():N}");
        Move("+0");
    }

    public (string Name, string Value)[] Environment => FakeTime.Follow(_file);

    /// <summary>Sets it off by so many seconds, with their sign.</summary>
    public void Move(string seconds)
    {
        File.WriteAllText(_file + ".new", seconds + "\n");
        File.Move(_file + ".new", _file, overwrite: true);
    }
}
