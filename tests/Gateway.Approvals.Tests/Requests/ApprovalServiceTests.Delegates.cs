using Gateway.Audit.Records;
using Gateway.Control.Documents.Kinds;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Approvals.Standing;

namespace Gateway.Approvals.Tests.Requests;

/// <summary>Decisions by the right of an absent person.</summary>
public sealed partial class ApprovalServiceTests
{
    [Theory]
    [InlineData("deputy", "caller", ApprovalReplyKind.Caller, "absent")]
    [InlineData("caller", "absent", ApprovalReplyKind.Caller, null)]
    [InlineData("deputy", null, ApprovalReplyKind.UnknownCaller, "absent")]
    [InlineData(null, "absent", ApprovalReplyKind.UnknownCaller, null)]
    public async Task A_delegate_does_not_approve_what_the_rule_bars_to_the_delegate_or_to_the_absent_person(
        string? deputy, string? absent, ApprovalReplyKind became, string? about)
    {
        await LinkAsync("deputy", deputy);
        await LinkAsync("absent", absent);
        await PutAsync(Request(_clock.NowMs()) with
        {
            IsBarredToCaller = true,
            Caller = new CallerSubject("https://corp", ["sub"], "caller"),
        });
        var who = new Approver(new Actor("Deputy"), "deputy")
        {
            AccountId = "deputy",
            Absent = [new AbsentApprover("absent", "absent")],
        };

        var reply = await Service.AnswerAsync("one", who, new GivenAnswer(true), default);

        Assert.Equal((became, about), (reply.Kind, reply.About));
        // Another absent person gives the right, if the rule bars neither of the two.
        await LinkAsync("other", "other");
        var two = who with { Absent = [.. who.Absent, new AbsentApprover("other", "other")] };
        var second = await Service.AnswerAsync("one", two, new GivenAnswer(true), default);
        Assert.Equal(about is null ? null : "other", second.Approval!.AnsweredAs?.OnBehalfOf);
        Assert.Equal(about is null ? null : "Deputy for other", second.Approval.DecidedBy);
        Assert.Equal(about is null ? became : ApprovalReplyKind.Answered, second.Kind);
    }

    [Fact]
    public async Task A_delegate_may_deny_what_the_absent_person_may_not_approve_but_suggest_nothing()
    {
        await PutGrantAsync(isOAuth: true);
        await PutAsync(Request(_clock.NowMs()) with { IsBarredToGrantor = true });
        var who = new Approver(new Actor("Deputy"), "deputy")
        {
            AccountId = "deputy",
            Absent = [new AbsentApprover("ada", "id-of-ada")],
        };

        var approved = await Service.AnswerAsync("one", who, new GivenAnswer(true), default);
        var suggested = await Service.AnswerAsync(
            "one", who, new GivenAnswer(false) { SuggestedArguments = "{}" }, default);
        var none = await Service.AnswerAsync("one", who with { Absent = [] }, new GivenAnswer(true), default);
        var denied = await Service.AnswerAsync("one", who, new GivenAnswer(false), default);

        Assert.Equal((ApprovalReplyKind.Grantor, "ada"), (approved.Kind, approved.About));
        Assert.Equal((ApprovalReplyKind.Grantor, "ada"), (suggested.Kind, suggested.About));
        Assert.Equal(ApprovalReplyKind.NotFound, none.Kind);
        Assert.Equal((ApprovalReplyKind.Answered, "ada"), (denied.Kind, denied.Approval!.AnsweredAs!.OnBehalfOf));
    }

    private async Task LinkAsync(string account, string? subject)
    {
        if (subject is null)
            return;
        var link = new OperatorSubjectDocument
        {
            OperatorId = account,
            Subject = new CallerSubject("https://corp", ["sub"], subject),
        };
        await _store.WriteAsync(
            new(ControlKinds.OperatorSubjects, account), 0,
            ControlJsonContext.Write(link, ControlJsonContext.Default.OperatorSubjectDocument), default);
    }
}
