using static Gateway.Policy.Tests.Policies;

namespace Gateway.Policy.Tests.Documents;

public class ApprovalLoadingTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("6")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("2e0")]
    [InlineData("99999999999999999999")]
    [InlineData("\"2\"")]
    [InlineData("null")]
    public void Refuses_a_number_of_people_that_none_can_be(string written) => MemberTests.AssertOneOf(
        Document("\"tools\":{\"a\":{\"action\":\"approve\",\"approval\":{\"approvals\":" + written + "}}}"),
        1, 90, "/tools/a/approval/approvals", "how many different people approve, a whole number from 1 to 5");

    [Theory]
    [InlineData("{}", 1)]
    [InlineData("{\"approvals\":1}", 1)]
    [InlineData("{\"approvals\":5}", 5)]
    public void Reads_how_many_people_must_approve(string written, int people)
    {
        var decision = Judge($$"""
            {"action":"approve","approval":{{written}}}
            """);

        Assert.Equal(people, decision.Approval!.Approvals);
    }
}
