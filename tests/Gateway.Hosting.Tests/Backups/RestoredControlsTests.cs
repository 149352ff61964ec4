using Gateway.Audit.Files;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Hosting.Backups;

namespace Gateway.Hosting.Tests.Backups;

public sealed class RestoredControlsTests : IDisposable
{
    private const string Issuer = "https://idp.example";
    private static readonly DateTimeOffset Created = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"issuer":"https://idp.example","revoked":true},"callerIssuer":"https://idp.example","caller":"ana" """)]
    // Of an earlier release.
    [InlineData("""{"issuer":"https://idp.example","subject":"ana","revoked":true}""")]
    public async Task Subject_that_was_revoked_after_the_backup_is_restored_with_its_name_and_status(string after)
    {
        var name = Pauses.OfSubjectName(Issuer, "ana");
        // The backup has a pause that would end by itself.
        var backup = Backup(name, new PauseDocument { Issuer = Issuer, Subject = "ana", Until = Created.AddDays(1) });

        var restored = await RestoreAsync(backup, name, after);

        var pause = PauseOf(restored, name);
        Assert.Equal((Issuer, "ana", true, null), (pause.Issuer, pause.Subject, pause.Revoked, pause.Until));
        Assert.Equal("restored from a backup", pause.Reason);
        Assert.Contains(restored.Done, static done => done.StartsWith(
            "revoked ana of https://idp.example (revoke by admin at ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"issuer":"https://idp.example","subject":"ben","revoked":true}""")]
    [InlineData("""{"issuer":7}""")]
    [InlineData("""{"issuer":"https://idp.example","revoked":true}""")]
    [InlineData("null")]
    public async Task Pause_without_a_readable_record_of_its_subject_is_restored_under_its_digest(string after)
    {
        var name = Pauses.OfSubjectName(Issuer, "ana");

        var restored = await RestoreAsync(new ControlSnapshot(1, []), name, after);

        var pause = PauseOf(restored, name);
        Assert.Equal((null, null, false), (pause.Issuer, pause.Subject, pause.Revoked));
    }

    [Fact]
    public async Task Absence_is_omitted_because_it_may_have_been_cleared_since_the_backup()
    {
        var absence = new AbsenceDocument
        {
            OperatorId = "1",
            From = Created,
            Until = Created.AddDays(9),
            Delegate = "anna",
            DelegateId = "2",
        };
        var key = new ControlKey(ControlKinds.Absences, "bob");
        var backup = new ControlSnapshot(1, [new ControlDocument(
            key, 1, ControlJsonContext.Write(absence, ControlJsonContext.Default.AbsenceDocument))]);

        var restored = await RestoreAsync(backup, Pauses.OfSubjectName(Issuer, "ana"), "null");

        Assert.Null(restored.Snapshot.Find(key));
        Assert.Contains(restored.Done, static done => done.StartsWith("omitted 1 absences", StringComparison.Ordinal));
    }

    private async Task<RestoredControls> RestoreAsync(ControlSnapshot backup, string name, string after)
    {
        var audit = Path.Combine(_folder.Path, "audit");
        Directory.CreateDirectory(audit);
        await File.WriteAllTextAsync(
            AuditFileName.PathOf(audit, 1),
            $$"""
            {"kind":"change","time":"{{Created.AddMinutes(1):O}}","changeId":"c1","by":"admin",
            "action":"revoke","object":"pauses/{{name}}","after":{{after}}}
            """.ReplaceLineEndings("") + "\n");
        var later = new LaterChanges();
        Assert.NotNull(later.AddAudit(_folder.Path, Created));
        var restored = new RestoredControls(backup);
        await restored.ApplyAsync(later, null, Created.AddHours(1), CancellationToken.None);
        return restored;
    }

    private static ControlSnapshot Backup(string name, PauseDocument pause) => new(
        1, [new ControlDocument(new ControlKey(ControlKinds.Pauses, name), 1, ControlJsonContext.Write(
            pause, ControlJsonContext.Default.PauseDocument))]);

    private static PauseDocument PauseOf(RestoredControls restored, string name) => JsonSerializer.Deserialize(
        restored.Snapshot.Find(new ControlKey(ControlKinds.Pauses, name))!.Content.Span,
        ControlJsonContext.Default.PauseDocument)!;
}
