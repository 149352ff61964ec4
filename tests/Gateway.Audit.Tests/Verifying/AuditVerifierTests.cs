using Gateway.Audit.Evidence;

namespace Gateway.Audit.Tests.Verifying;

public sealed class AuditVerifierTests : IDisposable
{
    private readonly WrittenLog _log = new();

    /// <summary>Each change that somebody could make to a log of four files, and the file where it shows.</summary>
    public static TheoryData<string, int> Changes => new()
    {
        { "edited, as long as before", 2 },
        { "edited, longer", 2 },
        { "edited, the last of a file", 2 },
        { "removed, the first of a file", 2 },
        { "removed, in the middle", 2 },
        { "removed, the last of a file", 2 },
        { "reordered", 2 },
        { "repeated", 2 },
        { "put in", 2 },
        { "put in at the end of a file", 2 },
        { "a file truncated", 2 },
        { "a file emptied", 2 },
        { "a file removed", 2 },
        { "two files swapped", 2 },
        { "a checkpoint edited", 2 },
        { "the end cut off", 4 },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Finds_each_change_and_says_where(string change, int file)
    {
        using var log = _log.Write(80).Unpack();

        Change(log, change);

        var report = log.Verify();
        Assert.Equal("broken", report.Result);
        var broken = report.Parts.First(static part => part.State == "broken");
        Assert.InRange(file, broken.From.File, broken.To.File);
        Assert.True(report.Proved >= 20, $"{report.Proved} records of what was not touched are proved");
    }

    [Fact]
    public void Finds_every_change_of_a_log_that_has_several()
    {
        using var log = _log.Write(200).Unpack();

        log.Change(2, static lines => lines[7] = lines[7].Replace('x', 'y'));
        log.Change(4, static lines => lines.RemoveAt(11));
        log.Change(6, static lines => lines.Reverse(3, 2));
        log.Change(8, static lines => lines.RemoveRange(15, 5));
        (string A, string B) swapped = (File.ReadAllText(log.PathOf(9)), File.ReadAllText(log.PathOf(10)));
        File.WriteAllText(log.PathOf(9), swapped.B);
        File.WriteAllText(log.PathOf(10), swapped.A);

        var report = log.Verify();
        Assert.Equal("broken", report.Result);
        Assert.Equal(
            [2, 4, 6, 8, 9, 10],
            report.Parts.Where(static part => part.State == "broken").Select(static part => part.To.File).Distinct());
        var proved = report.Parts.Where(static part => part.State == "proved").ToList();
        Assert.All([1, 3, 5, 7], file => Assert.Contains(proved, part =>
            part.From <= new LogPlace(file, 0) && part.To >= new LogPlace(file, 20 * 200)));
        Assert.Equal(proved.Sum(static part => part.Records), report.Proved);
    }

    [Fact]
    public void Proves_a_log_that_nobody_touched_compressed_or_not()
    {
        using var log = _log.Write(80);
        var outside = log.Keep();

        var packed = log.Verify(outside);
        var plain = log.Unpack().Verify(outside);

        Assert.Equal(("sound", 80L), (packed.Result, packed.Proved));
        Assert.Equal("proved", Assert.Single(packed.Outside).State);
        var part = Assert.Single(packed.Parts);
        Assert.Equal((new(1, 0), new(4, 20 * 200)), (part.From, part.To));
        Assert.Equal(packed.Proved, plain.Proved);
        Assert.Equal("sound", plain.Result);
    }

    [Fact]
    public void Says_which_records_no_checkpoint_covers_yet()
    {
        using var log = _log.Write(48, isKilled: true);
        File.AppendAllText(log.PathOf(3), "half a li");
        var covered = log.Keep()[0].Head.Size;

        var report = log.Verify();

        Assert.InRange(covered, 41, 47);
        Assert.Equal(covered, report.Proved);
        Assert.Equal("sound", report.Result);
        var tail = report.Parts[^1];
        Assert.Equal(("unproved", 48 - covered), (tail.State, tail.Records));
        Assert.Contains("written after the last checkpoint", tail.Says, StringComparison.Ordinal);
        Assert.Contains(report.Limits, static limit => limit.Contains("stored elsewhere", StringComparison.Ordinal));
    }

    public void Dispose() => _log.Dispose();

    private static void Change(WrittenLog log, string change)
    {
        switch (change)
        {
            case "edited, as long as before":
                log.Change(2, static lines => lines[3] = lines[3].Replace('x', 'y'));
                break;
            case "edited, longer":
                log.Change(2, static lines => lines[3] += " ");
                break;
            case "edited, the last of a file":
                log.Change(2, static lines => lines[^1] = lines[^1].Replace('x', 'y'));
                break;
            case "removed, the first of a file":
                log.Change(2, static lines => lines.RemoveAt(0));
                break;
            case "removed, in the middle":
                log.Change(2, static lines => lines.RemoveAt(9));
                break;
            case "removed, the last of a file":
                log.Change(2, static lines => lines.RemoveAt(lines.Count - 1));
                break;
            case "reordered":
                log.Change(2, static lines => lines.Reverse(8, 2));
                break;
            case "repeated":
                log.Change(2, static lines => lines.Insert(9, lines[9]));
                break;
            case "put in":
                log.Change(2, static lines => lines.Insert(9, lines[9].Replace('x', 'y')));
                break;
            case "put in at the end of a file":
                log.Change(2, static lines => lines.Add(lines[^1]));
                break;
            case "a file truncated":
                log.Change(2, static lines => lines.RemoveRange(12, 8));
                break;
            case "a file emptied":
                File.WriteAllText(log.PathOf(2), "");
                break;
            case "a file removed":
                File.Delete(log.PathOf(2));
                break;
            case "two files swapped":
                File.Move(log.PathOf(2), log.PathOf(2) + ".x");
                File.Move(log.PathOf(3), log.PathOf(2));
                File.Move(log.PathOf(2) + ".x", log.PathOf(3));
                break;
            case "a checkpoint edited":
                var evidence = log.Directory + "/evidence/00000002.jsonl";
                File.WriteAllText(evidence, File.ReadAllText(evidence).Replace("why rotation", "why interval"));
                break;
            case "the end cut off":
                log.Change(4, static lines => lines.RemoveRange(10, 10));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change));
        }
    }
}
