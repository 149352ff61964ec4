namespace Gateway.Server.Tests.Features;

/// <summary>What an official client sees of a policy that denies it a part of a server.</summary>
public sealed class PolicyFeatureTests(FeatureServer server) : FeatureTest(server)
{
    private const string Policy = """
        {
          "version": "1",
          "default": "deny",
          "hide": ["test_image_*"],
          "tools": {
            "test_simple_text": {},
            "test_error_handling": { "action": "deny", "reason": "It only fails." }
          },
          "resources": { "default": "allow", "deny": ["test://static-binary"] },
          "prompts": { "default": "deny", "allow": ["test_simple_*"] }
        }
        """;

    [NodeTheory]
    [MemberData(nameof(Official.All), MemberType = typeof(Official))]
    public async Task Shows_what_is_allowed_and_says_why_the_rest_is_not(string client) => Assert.Equal(
        [
            "tools: test_simple_text",
            "resources: test://static-text test://watched-resource",
            "prompts: test_simple_prompt",
            "test_simple_text: This is a simple text response for testing.",
            "test_image_content: error: Policy violation: This tool is hidden by the policy. "
                + "Use a tool that tools/list shows.",
            "test_error_handling: error: Policy violation: It only fails. "
                + "Do not call it again. If you need it, ask the operator to allow it.",
            "test://static-binary: refused with -31001 by /resources/deny/0",
            "test_prompt_with_arguments: refused with -31001 by /prompts/default",
            "ref/prompt: refused with -31001 by /prompts/default",
            $"{(Official.IsStateless(client) ? "listen" : "subscribe")}: refused with -31001 by /resources/deny/0",
        ],
        await SeeAsync(client, "policy", Policy));
}
