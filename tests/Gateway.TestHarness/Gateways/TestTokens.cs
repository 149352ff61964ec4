namespace Gateway.TestHarness.Gateways;

/// <summary>The bearer tokens of the grants that <see cref="TestConfig"/> writes.</summary>
public static class TestTokens
{
    public const string Agent = "pgw_test_token_0123456789";
    public const string Other = "pgw_other_token_012345678";
    public const string NoPolicy = "pgw_no_policy_token_012345";
}
