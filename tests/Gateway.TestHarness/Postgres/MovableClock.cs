namespace Gateway.TestHarness.Postgres;

/// <summary>The clock of a process that was started with it; the test can move it while the process runs.</summary>
public sealed class MovableClock
{
    private readonly string _file;

    public MovableClock(TestFolder folder)
    {
        _file = Path.Combine(folder.Path, $"clock-{Guid.NewGuid():N}");
        Move("+0");
    }

    public (string Name, string Value)[] Environment => FakeTime.Follow(_file);

    /// <summary>Shifts the clock by so many seconds, written with their sign.</summary>
    public void Move(string seconds)
    {
        File.WriteAllText(_file + ".new", seconds + "\n");
        File.Move(_file + ".new", _file, overwrite: true);
    }
}
