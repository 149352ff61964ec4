using Gateway.Audit.Erasing;
using Gateway.Audit.Evidence;
using Gateway.Audit.Reading;
using Gateway.Audit.Records;

namespace Gateway.Audit.Tests.Erasing;

public sealed class RecordEraserTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Erases_the_subject_its_actor_and_comments_and_the_evidence_stays_sound()
    {
        await using (var log = new ErasableLog(_folder.Path))
        {
            for (var i = 0; i < 40; i++)
                await log.CallAsync(i % 2 == 0 ? "alice" : "bob", actor: i % 4 == 0 ? "robot-of-alice" : null);
            await log.CommentAsync("alice", "Alice is on leave.");
            await log.CallAsync(null);

            var result = await log.EraseAsync("alice");

            Assert.Equal((21, 0L, false), (result!.Records, result.Fixed, result.HasMore));
            var text = string.Concat(ErasableLog.Lines(log.Directory));
            Assert.DoesNotContain("alice", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("on leave", text, StringComparison.Ordinal);
            Assert.Equal(20, Count(text, "\"caller\":\"bob\""));
            await log.CallAsync("alice");
        }

        var values = Verify().Values!;
        Assert.Equal((21, 0, 0, 0), (values.Kept, values.Changed, values.Missing, values.Pending));
        var erasure = Assert.Single(values.Erasures);
        // 20 subjects, 10 parties that act for them, the caller and the comment of the approval
        Assert.Equal(32, erasure.Values);
        var report = Verify();
        Assert.Equal("sound", report.Result);
        Assert.Equal(45, report.Proved);
    }

    [Fact]
    public async Task Erased_records_are_found_by_everything_but_the_person()
    {
        await using var log = new ErasableLog(_folder.Path);
        await log.CallAsync("alice");

        await log.EraseAsync("alice");

        var record = Assert.Single(new AuditReader(log.Directory).Read(AuditQuery.OfKind("decision"), null, 10).Items);
        Assert.Equal("corp", record.GetProperty("callerIssuer").GetString());
        Assert.False(record.TryGetProperty("caller", out _));
    }

    [Fact]
    public async Task Erasing_a_party_that_acts_for_others_keeps_the_others()
    {
        await using var log = new ErasableLog(_folder.Path);
        await log.CallAsync("alice", actor: "robot");
        await log.CallAsync("alice");

        var result = await log.EraseAsync("robot");

        Assert.Equal(1, result!.Records);
        var text = string.Concat(ErasableLog.Lines(log.Directory));
        Assert.Equal(2, Count(text, "\"caller\":\"alice\""));
        Assert.DoesNotContain("robot", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erases_recorded_arguments_of_the_persons_calls_only()
    {
        await using var log = new ErasableLog(_folder.Path);
        var (hers, his) = (await log.CallAsync("alice", arguments: "x"), await log.CallAsync("bob", arguments: "y"));
        await Soon.UntilAsync(
            () => log.ArgumentsOf(hers) is not null && log.ArgumentsOf(his) is not null, "the values are on disk");
        var kept = log.ArgumentsOf(his);

        var result = await log.EraseAsync("alice");

        Assert.Equal(1, result!.Calls);
        Assert.Null(log.ArgumentsOf(hers));
        Assert.Equal(kept, log.ArgumentsOf(his));
        var later = await log.CallAsync("alice", arguments: "z");
        await Soon.UntilAsync(() => log.ArgumentsOf(later) is not null, "later values are recorded");
    }

    [Fact]
    public async Task A_record_has_a_salted_hash_of_the_recorded_arguments_and_loses_the_salt()
    {
        await using (var log = new ErasableLog(_folder.Path))
        {
            await log.CallAsync("alice", actor: "robot", arguments: "x");
            await log.CallAsync("bob", arguments: "x");
            await log.CallAsync(null, arguments: "x");
            var lines = ErasableLog.Lines(log.Directory);
            Assert.DoesNotContain("erasable", lines[2], StringComparison.Ordinal);
            using var record = System.Text.Json.JsonDocument.Parse(lines[0]);
            var salt = record.RootElement.GetProperty("salts").GetString()![44..];
            Assert.Equal(
                System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(
                    [.. System.Text.Encoding.ASCII.GetBytes(salt), .. ErasableLog.Kept("x")])),
                record.RootElement.GetProperty("erasable").GetProperty("arguments").GetString());

            await log.EraseAsync("alice");
        }

        var values = Verify().Values!;
        Assert.Equal((2, 0, 0), (values.Kept, values.Changed, values.Missing));
        Assert.Equal(3, Assert.Single(values.Erasures).Values);
        var directory = Path.Combine(_folder.Path, "audit");
        var bob = ErasableLog.Lines(directory).Single(static line => line.Contains("bob", StringComparison.Ordinal));
        ErasableLog.Replace(directory, bob, Blanked(bob, bob[^24..^2]));
        Assert.Equal(("broken", 1), (Verify().Result, Verify().Values!.Missing));
    }

    [Fact]
    public async Task Recorded_arguments_that_another_value_replaced_are_found_where_they_can_be_decrypted()
    {
        await using var log = new ErasableLog(_folder.Path);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var call = await log.CallAsync("alice", arguments: "x", nowMs: now);
        await Soon.UntilAsync(() => log.ArgumentsOf(call, now) is not null, "the value is on disk");
        Assert.Equal(2, log.Verify().Values!.Kept);

        foreach (var path in Directory.GetFiles(Path.Combine(_folder.Path, "arguments")))
            File.Delete(path);
        log.Arguments.Erase(new HashSet<UInt128>());
        log.Arguments.Post(call.Bits, now, ErasableLog.Kept("y"));
        await Soon.UntilAsync(() => log.ArgumentsOf(call, now) is not null, "the other value is on disk");

        var report = log.Verify();
        Assert.Equal(("broken", 1, 1), (report.Result, report.Values!.Kept, report.Values.Changed));
    }

    [Theory]
    [InlineData("a value removed")]
    [InlineData("a value and its salt removed")]
    [InlineData("a value changed")]
    [InlineData("a salt changed")]
    [InlineData("the hash changed")]
    [InlineData("a member added")]
    [InlineData("all values removed")]
    [InlineData("the hashes removed")]
    public async Task Finds_a_value_that_was_removed_or_changed_without_an_erasure(string change)
    {
        await using (var log = new ErasableLog(_folder.Path))
        {
            await log.CallAsync("carol");
            await log.CallAsync("alice");
            await log.EraseAsync("carol");
        }

        var line = ErasableLog.Lines(Path.Combine(_folder.Path, "audit"))
            .Single(static line => line.Contains("alice", StringComparison.Ordinal));
        var end = line[line.IndexOf(",\"caller\":", StringComparison.Ordinal)..];
        var salt = line.Substring(line.IndexOf("\"salts\":\"", StringComparison.Ordinal) + 9, 22);
        var hash = line.Substring(line.IndexOf("\"erasable\":{\"caller\":\"", StringComparison.Ordinal) + 22, 43);
        var place = ErasableLog.Replace(Path.Combine(_folder.Path, "audit"), line, change switch
        {
            "a value removed" => Blanked(line, ",\"caller\":\"alice\""),
            "a value and its salt removed" => Blanked(Blanked(line, ",\"caller\":\"alice\""), salt),
            "a value changed" => line.Replace("alice", "malce", StringComparison.Ordinal),
            "a salt changed" => line.Replace(salt, new string('A', 22), StringComparison.Ordinal),
            "all values removed" => line[..line.IndexOf(end, StringComparison.Ordinal)] + "}",
            "the hashes removed" => line[..line.IndexOf(",\"erasable\"", StringComparison.Ordinal)] + "}",
            "the hash changed" => line.Replace(hash, new string('A', 43), StringComparison.Ordinal),
            _ => line.Replace(end, ",\"outcome\":\"denied\"" + end, StringComparison.Ordinal),
        });

        var report = Verify();

        Assert.Equal("broken", report.Result);
        Assert.Contains(report.Parts, part => part.State == "broken" && part.From.File == place.File);
        Assert.Equal(change == "a value and its salt removed" ? 1 : 0, report.Values!.Missing);
        Assert.Equal(
            change is "a value removed" or "a value changed" or "a salt changed" or "the hash changed" ? 1 : 0,
            report.Values.Changed);
        Assert.Equal(1, Assert.Single(report.Values.Erasures).Values);
    }

    [Fact]
    public async Task Finishes_an_erasure_of_a_killed_process_at_the_next_start()
    {
        var (before, after) = (Path.Combine(_folder.Path, "killed"), _folder.Path);
        await using (var log = new ErasableLog(after))
        {
            for (var i = 0; i < 30; i++)
                await log.CallAsync("alice");
            await log.EraseAsync("alice");
        }

        // A kill after the erasure record and before its effect: the old files, and the files that followed.
        await using (var log = new ErasableLog(before))
        {
            for (var i = 0; i < 30; i++)
                await log.CallAsync("alice");
            var found = log.Eraser.Find(ErasableLog.Person("alice"));
            Assert.Equal(30, found.Erasable);
            var record = new ErasureRecord
            {
                Id = "e1",
                Became = "erased",
                By = new Actor("admin"),
                Reason = "request 17",
                Values = ErasableValues.All,
                Places = found.Found.GroupBy(static one => one.Place.File, static one => one.Place.Offset)
                    .ToDictionary(static file => file.Key, static file => (IReadOnlyList<long>)[.. file]),
            };
            await File.WriteAllTextAsync(Path.Combine(log.Directory, "erasing"), "1 0");
            log.Log.EndFile();
            Assert.True(await log.Log.RecordAsync(record.Line(1000)));
            var pending = log.Verify();
            Assert.Equal(("sound", 30), (pending.Result, pending.Values!.Pending));
        }

        await using var next = new ErasableLog(before);
        await next.CallAsync("alice");
        await next.Eraser.StartAsync(default);

        var values = next.Verify().Values!;
        Assert.Equal((1, 0, 0), (values.Kept, values.Missing, values.Pending));
        Assert.Equal(30, Assert.Single(values.Erasures).Values);
        Assert.False(File.Exists(Path.Combine(next.Directory, "erasing")));
        Assert.Equal("sound", next.Verify().Result);
    }

    [Fact]
    public async Task Counts_records_of_earlier_releases_that_cannot_be_erased()
    {
        await using var log = new ErasableLog(_folder.Path);
        Assert.True(await log.Log.RecordAsync(
            "{\"kind\":\"decision\",\"caller\":\"alice\",\"callerIssuer\":\"corp\"}\n"u8));
        await log.CallAsync("alice");

        var result = await log.EraseAsync("alice");

        Assert.Equal((1, 1L), (result!.Records, result.Fixed));
        Assert.NotNull(result.FixedUntil);
    }

    [Fact]
    public async Task Keeps_records_whose_complete_lines_a_previous_release_has_signed()
    {
        string directory;
        await using (var log = new ErasableLog(_folder.Path))
        {
            directory = log.Directory;
            for (var i = 0; i < 3; i++)
                await log.CallAsync("alice");
        }

        SignAsPreviousRelease(directory);
        Assert.Equal(("sound", 3), (Verify().Result, Verify().Proved));
        await using (var log = new ErasableLog(_folder.Path))
        {
            var result = await log.EraseAsync("alice");
            Assert.Equal((0, 3L), (result!.Records, result.Fixed));
            await log.CallAsync("alice");
            Assert.Equal(1, (await log.EraseAsync("alice"))!.Records);
        }

        var report = Verify();
        Assert.Equal(("sound", 3, 1), (report.Result, report.Values!.Kept, report.Values.Erasures.Sum(
            static one => one.Values)));
    }

    [Fact]
    public async Task Records_that_name_a_person_elsewhere_are_counted_and_exported()
    {
        string[] others =
        [
            Connecting("alice", "https://idp"),
            """{"kind":"change","object":"pauses/x","after":{"issuer":"https://idp","subject":"alice"}}""",
            Connecting("alice", "https://other"),
            Connecting("bob", "https://idp"),
        ];
        await using var log = new ErasableLog(_folder.Path);
        await log.CallAsync("alice");
        foreach (var line in others)
            Assert.True(await log.Log.RecordAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n")));
        var person = new PersonQuery(["corp", "https://idp"], ["alice"]);
        var ofGrant = person with { Grant = "bot" };
        var ofOther = person with { Grant = "other" };

        Assert.Equal((1, 2L), (log.Eraser.Find(person).Erasable, log.Eraser.Find(person).Fixed));
        Assert.Equal((1, 1L), (log.Eraser.Find(ofGrant).Erasable, log.Eraser.Find(ofGrant).Fixed));
        Assert.Equal(
            ["decision", "access", "change"],
            Exported(person).Select(static one => one.GetProperty("kind").GetString()));
        Assert.Equal(2, Exported(ofGrant).Count);
        Assert.Empty(Exported(ofOther));

        static string Connecting(string subject, string issuer) =>
            $$"""{"kind":"access","by":"caller {{subject}} of {{issuer}}","object":"servers/crm for bot"}""";

        IReadOnlyList<JsonElement> Exported(PersonQuery one) =>
            new AuditReader(log.Directory).Read(AuditQuery.Where(one.IsIn), null, 10).Items;
    }

    /// <summary>Replaces the evidence by that of a release whose leaves are complete lines.</summary>
    private static void SignAsPreviousRelease(string directory)
    {
        var lines = ErasableLog.Lines(directory);
        var tree = new MerkleTree();
        foreach (var line in lines)
            tree.Add([MerkleTree.LeafPrefix, .. System.Text.Encoding.UTF8.GetBytes(line)]);
        using var keys = CheckpointKeys.Open(EvidenceFolder.KeyOf(directory), isMade: false);
        foreach (var path in Directory.GetFiles(EvidenceFolder.Of(directory), "*.jsonl"))
            File.Delete(path);
        var checkpoint = new Checkpoint
        {
            Head = new TreeHead("00112233445566778899aabbccddeeff", tree.Size, tree.Root),
            Writer = "00112233445566778899aabbccddeeff",
            Time = DateTimeOffset.UnixEpoch,
            Why = "interval",
            From = new LogPlace(1, 0),
            To = new LogPlace(1, lines.Sum(static line => System.Text.Encoding.UTF8.GetByteCount(line) + 1)),
        };
        EvidenceFolder.Append(
            directory, new SignedCheckpoint(keys.Sign(checkpoint), keys.Public, tree.Peaks), flushToDisk: false);
    }

    private Gateway.Audit.Verifying.VerifyReport Verify() =>
        Gateway.Audit.Verifying.AuditVerifier.Verify(Path.Combine(_folder.Path, "audit"), [], []);

    private static string Blanked(string line, string part) =>
        line.Replace(part, new string(' ', part.Length), StringComparison.Ordinal);

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
