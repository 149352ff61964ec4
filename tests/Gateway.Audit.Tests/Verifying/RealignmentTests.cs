namespace Gateway.Audit.Tests.Verifying;

/// <summary>A change leaves the interval between two checkpoints unproved, not what follows it.</summary>
public sealed class RealignmentTests : IDisposable
{
    /// <summary>Records between two checkpoints, at most.</summary>
    private const int IntervalMax = 6;

    private const int Records = 80;
    private readonly WrittenLog _log = new();

    [Theory]
    [InlineData("longer")]
    [InlineData("shorter")]
    [InlineData("as long")]
    [InlineData("removed")]
    [InlineData("put in")]
    [InlineData("split")]
    [InlineData("joined")]
    public void A_change_of_any_one_record_leaves_all_other_intervals_proved(string change)
    {
        using var log = _log.Write(Records).Unpack();
        for (var record = 0; record < Records; record += 3)
        {
            var file = 1 + (record / WrittenLog.EachFile);
            var before = File.ReadAllText(log.PathOf(file));
            log.Change(file, lines => Change(lines, record % WrittenLog.EachFile, change));
            if (File.ReadAllText(log.PathOf(file)) == before)
                continue;

            var report = log.Verify();

            Assert.Equal("broken", report.Result);
            Assert.True(report.Proved >= Records - (2 * IntervalMax), $"{change} {record}: {report.Proved} proved");
            Assert.All(report.Parts, static part => Assert.DoesNotContain(
                $"{part.Records} records are here, {part.Records} were", part.Says, StringComparison.Ordinal));
            File.WriteAllText(log.PathOf(file), before);
        }

        Assert.Equal(("sound", (long)Records), (log.Verify().Result, log.Verify().Proved));
    }

    [Fact]
    public void A_longer_line_leaves_one_interval_unproved_and_says_why()
    {
        using var log = _log.Write(Records).Unpack();
        log.Change(2, static lines => lines[7] += " ");

        var report = log.Verify();

        var broken = Assert.Single(report.Parts, static part => part.State == "broken");
        Assert.InRange(broken.Records!.Value, 1, IntervalMax);
        Assert.Equal(Records - broken.Records.Value, report.Proved);
        Assert.StartsWith(
            $"some of {broken.Records} records here were changed", broken.Says, StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_of_another_length_before_a_restart_leave_the_chain_after_it_proved()
    {
        using var log = _log.Write(7).Write(7).Write(30).Unpack();
        log.Change(1, static lines =>
        {
            lines[1] += "  ";
            lines.RemoveAt(8);
        });

        var report = log.Verify();

        Assert.Equal("broken", report.Result);
        Assert.InRange(report.Proved, 44 - (2 * IntervalMax), 43);
        Assert.Equal(2, report.Parts.Count(static part => part.State == "broken"));
    }

    [Fact]
    public void A_record_removed_from_the_last_interval_of_a_chain_leaves_the_next_chain_proved()
    {
        using var log = _log.Write(4).Write(4).Write(4).Unpack();
        log.Change(1, static lines => lines.RemoveAt(5));

        var report = log.Verify();

        Assert.Equal(("broken", 8L), (report.Result, report.Proved));
        Assert.Equal(3, Assert.Single(report.Parts, static part => part.State == "broken").Records);
    }

    [Fact]
    public void Random_changes_never_prove_a_changed_record_and_lose_two_intervals_each_at_most()
    {
        string[] kinds = ["longer", "shorter", "as long", "removed", "put in", "split", "joined"];
        using var log = _log.Write(30).Write(Records - 30).Unpack();
        for (var seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            var files = Enumerable.Range(1, 4)
                .ToDictionary(static file => file, file => File.ReadAllText(log.PathOf(file)));
            var changes = random.Next(1, 4);
            for (var i = 0; i < changes; i++)
            {
                log.Change(random.Next(1, 5), lines =>
                    Change(lines, random.Next(lines.Count - 1), kinds[random.Next(kinds.Length)]));
            }

            var same = files.Sum(file => file.Value.Split('\n').Intersect(log.Lines(file.Key)).Count());
            var report = log.Verify();

            Assert.Equal("broken", report.Result);
            Assert.InRange(report.Proved, Records - (2 * IntervalMax * changes), same);
            foreach (var (file, text) in files)
                File.WriteAllText(log.PathOf(file), text);
        }
    }

    public void Dispose() => _log.Dispose();

    private static void Change(List<string> lines, int at, string change)
    {
        switch (change)
        {
            case "longer":
                lines[at] += " ";
                break;
            case "shorter":
                lines[at] = lines[at][..^3] + "}";
                break;
            case "as long":
                lines[at] = lines[at].Replace('x', 'y');
                break;
            case "removed":
                lines.RemoveAt(at);
                break;
            case "put in":
                lines.Insert(at, "{\"kind\":\"decision\"}");
                break;
            case "split":
                (lines[at], var rest) = (lines[at][..50], lines[at][50..]);
                lines.Insert(at + 1, rest);
                break;
            case "joined" when at + 1 < lines.Count:
                lines[at] += lines[at + 1];
                lines.RemoveAt(at + 1);
                break;
            default:
                break;
        }
    }
}
