using Gateway.Audit.Arguments;
using Gateway.Audit.Records;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;
using Gateway.Proxy.Approvals.Digests;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Approvals.Standing;
using Gateway.Proxy.RetryTokens;
using Gateway.Proxy.Waiting;
using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Approvals.Tests.Requests;

/// <summary>Approvals in the store: answers, ends, and what is not what it was.</summary>
public sealed partial class ApprovalServiceTests : IAsyncLifetime, IDisposable
{
    private const string Name = "digest";
    private readonly TestFolder _folder = new();
    private readonly ApprovalOptions _options;
    private readonly FileControlStore _store;
    private readonly AuditLog _audit;
    private readonly ProcessClock _clock = new(TimeProvider.System);
    private readonly EphemeralDataProtectionProvider _protection = new();
    private readonly ArgumentRecorder _arguments;
    private readonly SnapshotUpdater _control;
    private readonly DocumentCache _documents;
    private readonly ApprovalRepository _book;
    private readonly StandingRepository _standing;

    public ApprovalServiceTests()
    {
        _options = new ApprovalOptions { History = TimeSpan.FromMinutes(1) };
        _store = FileControlStore.Open(Path.Combine(_folder.Path, "control"), TimeProvider.System);
        _audit = new AuditLog(
            new AuditLogOptions { Directory = Path.Combine(_folder.Path, "audit") }, TimeProvider.System,
            NullLogger<AuditLog>.Instance, []);
        _arguments = new ArgumentRecorder(
            new RecordedArgumentsOptions { Directory = Path.Combine(_folder.Path, "arguments") }, _protection,
            TimeProvider.System, NullLogger<ArgumentRecorder>.Instance);
        _documents = new DocumentCache(_store);
        _control = new SnapshotUpdater(
            _store, new SecretProtector(_store), new SnapshotHolder(), new StoreStaleness(_store, TimeProvider.System),
            _clock, TimeProvider.System, NullLogger<SnapshotUpdater>.Instance);
        _book = new ApprovalRepository(_documents, _store, new SecretProtector(_store));
        _standing = new StandingRepository(_documents, _store, new SecretProtector(_store));
    }

    private ApprovalService Service => new(
        _book, Standing, Record,
        new ApprovalSuggestions(
            _book, Record, new ArgumentsDigest(_documents, _store, new SecretProtector(_store))),
        _clock);

    private StandingService Standing => new(_standing, _documents, Record, _clock, _options);

    private ApprovalRecord Record => new(
        _audit, _arguments,
        new RecordedSubjects(new AuditLogOptions(), _documents, _store, new SecretProtector(_store), _control),
        NullLogger<ApprovalRecord>.Instance);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _arguments.DisposeAsync();

    public void Dispose()
    {
        _audit.Dispose();
        _control.Dispose();
        _standing.Dispose();
        _documents.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Approves_what_is_open_and_lets_the_answer_hold_as_long_as_the_request_was_open()
    {
        await PutAsync(Request(_clock.NowMs()));

        var ada = new Approver(new Actor(" Ada\u0007 ") { ClaimedBy = "Eve\n" }, "ada");
        var reply = await Service.AnswerAsync("one", ada, new GivenAnswer(true), default);

        Assert.Equal(ApprovalReplyKind.Answered, reply.Kind);
        Assert.Equal("Ada", reply.Approval!.AnsweredBy);
        Assert.Equal(new Actor("Ada") { ClaimedBy = "Eve" }, reply.Approval.AnsweredAs);
        Assert.Equal(reply.Approval.AnsweredMs + 60_000, reply.Approval.ExpiresMs);
        Assert.Equal("{}", reply.Approval.Arguments);
        Assert.Equal(reply.Approval, await Service.FindAsync("one", default));
    }

    [Fact]
    public async Task Erases_the_arguments_of_what_was_denied()
    {
        await PutAsync(Request(_clock.NowMs()));

        await Service.AnswerAsync("one", new Approver(new Actor("Ada"), "ada"), new GivenAnswer(false, "no"), default);

        Assert.Null((await Service.FindAsync("one", default))!.Arguments);
    }

    [Fact]
    public async Task Refuses_to_answer_what_has_expired_or_is_not_there()
    {
        await PutAsync(Request(_clock.NowMs() - 60_000));

        var (ada, yes) = (new Approver(new Actor("Ada"), "ada"), new GivenAnswer(true));
        Assert.Equal(ApprovalReplyKind.Expired, (await Service.AnswerAsync("one", ada, yes, default)).Kind);
        Assert.Equal(ApprovalReplyKind.NotFound, (await Service.AnswerAsync("two", ada, yes, default)).Kind);
    }

    [Theory]
    [InlineData(59_000, nameof(ApprovalReplyKind.Answered))] // another frontend's clock may be ahead
    [InlineData(90_000, nameof(ApprovalReplyKind.Expired))]
    public async Task A_request_from_a_clock_that_was_set_back_since_has_expired(int aheadMs, string kind)
    {
        await PutAsync(Request(_clock.NowMs() + aheadMs));

        var reply = await Service.AnswerAsync(
            "one", new Approver(new Actor("Ada"), "ada"), new GivenAnswer(true), default);

        Assert.Equal(Enum.Parse<ApprovalReplyKind>(kind), reply.Kind);
    }

    [Theory]
    [InlineData(90_000, null)] // approved by a clock that was set back since
    [InlineData(0, 1L)] // it went on record as unused
    public void An_approval_that_is_over_is_not_good_again(int aheadMs, long? unusedMs)
    {
        var now = _clock.NowMs();
        var approved = Request(now) with { State = ApprovalState.Approved, AnsweredMs = now };
        Assert.Equal(ApprovalState.Approved, approved.StateAt(now));

        var over = approved with { AnsweredMs = now + aheadMs, UnusedRecordedMs = unusedMs };

        Assert.Equal(ApprovalState.Expired, over.StateAt(now));
    }

    [Theory]
    [InlineData(nameof(ApprovalState.Open), 90_000, 0, false)] // by a clock that was set back since
    [InlineData(nameof(ApprovalState.Open), 0, 0, true)]
    [InlineData(nameof(ApprovalState.Open), -59_000, 0, true)]
    [InlineData(nameof(ApprovalState.Open), -61_000, 0, false)]
    [InlineData(nameof(ApprovalState.Denied), -61_000, -59_000, true)]
    [InlineData(nameof(ApprovalState.Used), -61_000, -59_000, true)]
    [InlineData(nameof(ApprovalState.Used), -90_000, -61_000, false)]
    [InlineData(nameof(ApprovalState.Approved), -90_000, -61_000, false)]
    public async Task Sweeps_what_is_over_and_what_was_shown_long_enough(
        string state, long asked, long answered, bool isKept)
    {
        var now = _clock.NowMs();
        await PutAsync(Request(now + asked) with
        {
            State = Enum.Parse<ApprovalState>(state),
            AnsweredMs = answered == 0 ? null : now + answered,
        });
        using var sweep = Sweep();

        await sweep.SweepAsync(default);

        Assert.Equal(isKept, await Service.FindAsync("one", default) is not null);
    }

    [Fact]
    public async Task Reports_the_number_of_pending_requests_and_the_age_of_the_oldest()
    {
        var now = _clock.NowMs();
        await PutAsync(Request(now - 61_000), "expired");
        await PutAsync(Request(now - 20_000), "second");
        await PutAsync(Request(now - 30_000), "first");
        await PutAsync(Request(now - 40_000) with { State = ApprovalState.Denied, AnsweredMs = now }, "answered");
        using var sweep = Sweep();
        Assert.Equal(ApprovalStatistics.None, sweep.Statistics);

        await sweep.SweepAsync(default);

        Assert.Equal((2, now - 30_000), (sweep.Statistics.Open, sweep.Statistics.OldestAskedMs));
    }

    [Fact]
    public async Task Reports_the_elapsed_share_of_a_requests_lifetime()
    {
        var now = _clock.NowMs();
        await PutAsync(Request(now - 30_000) with { HoldsForMs = 300_000, ExpiresMs = now + 270_000 }, "oldest");
        await PutAsync(Request(now - 20_000) with { HoldsForMs = 40_000, ExpiresMs = now + 20_000 }, "shortest");
        await PutAsync(Request(now - 40_000) with { State = ApprovalState.Denied, AnsweredMs = now }, "answered");
        using var sweep = Sweep();
        Assert.Equal(0, sweep.Statistics.WaitedRatioAt(now));

        await sweep.SweepAsync(default);

        Assert.Equal(0.5, sweep.Statistics.WaitedRatioAt(now));
        Assert.Equal(0.75, sweep.Statistics.WaitedRatioAt(now + 10_000));
        Assert.Equal(1, sweep.Statistics.WaitedRatioAt(now + 60_000));
    }

    [Fact]
    public async Task Takes_a_document_that_it_cannot_read_for_no_approval()
    {
        await _store.WriteAsync(
            new ControlKey(ControlKinds.Approvals, Name), 0, """{"state":"yes"}"""u8.ToArray(), default);
        var documents = await _book.ReadAsync(default);

        Assert.Null(ApprovalRepository.Find(documents, Name));
        Assert.Empty(ApprovalRepository.All(documents));
        Assert.Equal(1, ApprovalRepository.VersionOf(documents, Name));
    }

    [Fact]
    public async Task Takes_the_first_of_two_answers_for_no_approval_though_an_older_release_wrote_that_it_is()
    {
        var now = _clock.NowMs();
        await PutAsync(Request(now) with { State = ApprovalState.Approved, AnsweredMs = now, ApprovalsNeeded = 2 });

        Assert.Equal(ApprovalState.Open, (await Service.FindAsync("one", default))!.StateAt(now));
    }

    [Theory]
    [InlineData("id-of-bo", true, true, ApprovalReplyKind.Answered)]
    [InlineData("id-of-ada", true, true, ApprovalReplyKind.Grantor)]
    [InlineData(null, true, true, ApprovalReplyKind.Grantor)]
    [InlineData("id-of-ada", true, false, ApprovalReplyKind.Answered)]
    [InlineData("id-of-ada", false, true, ApprovalReplyKind.Answered)]
    public async Task The_operator_who_authorized_a_client_may_deny_but_not_approve(
        string? account, bool isOAuth, bool isApproved, ApprovalReplyKind became)
    {
        await PutGrantAsync(isOAuth);
        await PutAsync(Request(_clock.NowMs()) with { IsBarredToGrantor = true });

        var who = new Approver(new Actor("Somebody"), account) { AccountId = account };
        var reply = await Service.AnswerAsync("one", who, new GivenAnswer(isApproved), default);

        Assert.Equal(became, reply.Kind);
        Assert.Equal(became == ApprovalReplyKind.Grantor, reply.Approval!.State == ApprovalState.Open);
    }

    [Theory]
    [InlineData("https://corp", "sub", "ada", ApprovalReplyKind.Caller)]
    [InlineData("https://corp", "sub", "bo", ApprovalReplyKind.Answered)]
    [InlineData("https://corp", "oid", "bo", ApprovalReplyKind.UnknownCaller)]
    [InlineData("https://other", "sub", "bo", ApprovalReplyKind.UnknownCaller)]
    [InlineData(null, "sub", "bo", ApprovalReplyKind.UnknownCaller)]
    public async Task Only_another_subject_of_the_same_issuer_may_approve_where_the_caller_is_excluded(
        string? issuer, string claim, string subject, ApprovalReplyKind became)
    {
        if (issuer is not null)
        {
            var link = new OperatorSubjectDocument
            {
                OperatorId = "id",
                Subject = new CallerSubject(issuer, [claim], subject),
            };
            await _store.WriteAsync(
                new(ControlKinds.OperatorSubjects, "op"), 0,
                ControlJsonContext.Write(link, ControlJsonContext.Default.OperatorSubjectDocument), default);
        }

        await PutAsync(Request(_clock.NowMs()) with
        {
            IsBarredToCaller = true,
            Caller = new CallerSubject("https://corp", ["sub"], "ada"),
        });

        var who = new Approver(new Actor("Somebody"), "op") { AccountId = "id" };
        var reply = await Service.AnswerAsync("one", who, new GivenAnswer(true), default);

        Assert.Equal(became, reply.Kind);
        var isApart = (await Service.FindAsync("one", default))!.IsApartFromCaller;
        Assert.Equal(became == ApprovalReplyKind.Answered ? true : null, isApart);
        // A later account of the same name is another person.
        Assert.NotEqual(ApprovalReplyKind.Answered, (await Service.AnswerAsync(
            "one", who with { AccountId = "later" }, new GivenAnswer(true), default)).Kind);
    }

    [Fact]
    public async Task Records_once_that_nobody_came_back_for_an_approval()
    {
        var now = _clock.NowMs();
        await PutAsync(Request(now - 90_000) with { State = ApprovalState.Approved, AnsweredMs = now - 30_000 });
        using (var sweep = Sweep())
        {
            await sweep.SweepAsync(default);
            await sweep.SweepAsync(default);
        }

        Assert.Null((await Service.FindAsync("one", default))!.Arguments);
        _audit.Dispose();
        var records = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories)
            .Where(static file => file.EndsWith(".jsonl", StringComparison.Ordinal)).SelectMany(File.ReadAllLines);
        Assert.Single(records, static line => line.Contains("\"became\":\"unused\"", StringComparison.Ordinal));
    }

    private async Task PutGrantAsync(bool isOAuth)
    {
        var grant = new GrantDocument
        {
            Servers = [],
            TokenHash = new string('0', 64),
            OAuth = isOAuth
                ? new OAuthGrantDocument
                {
                    ClientId = "client",
                    ClientName = "Client",
                    Operator = "ada",
                    OperatorId = "id-of-ada",
                }
                : null,
        };
        var content = ControlJsonContext.Write(grant, ControlJsonContext.Default.GrantDocument);
        Assert.True((await _store.WriteAsync(new(ControlKinds.Grants, "agent"), 0, content, default)).IsWritten);
    }

    private static Approval Request(long askedMs) => new()
    {
        Id = "one",
        State = ApprovalState.Open,
        Grant = "agent",
        Server = "srv",
        Tool = "refund",
        Rule = "/tools/refund/action",
        Reason = "A person has to approve this call",
        Arguments = "{}",
        AskedMs = askedMs,
        HoldsForMs = 60_000,
        ExpiresMs = askedMs + 60_000,
    };

    private ApprovalExpirer Sweep() => new(
        _book, [new RetryTokenStore(_documents, _store, _clock), Standing], Record, _clock,
        TimeProvider.System, _options, NullLogger<ApprovalExpirer>.Instance);

    private async Task PutAsync(Approval approval, string name = Name) =>
        Assert.NotNull(await _book.WriteAsync(name, 0, approval, default));
}
