namespace Gateway.Server.Tests.Interop;

/// <summary>Policies with windows of a month, so that next to no test run sees one end.</summary>
internal static class InteropPolicies
{
    /// <summary>Shows four tools of the sample server; two calls of <c>backchannel_resend_otp</c> a month.</summary>
    public const string Sample = """
        {
          "version": "1",
          "default": "deny",
          "tools": {
            "get_customer": {},
            "send_*": {},
            "backchannel_resend_otp": { "limits": [ { "counter": "otp", "window": "month", "max": 2 } ] },
            "delete_customer": { "action": "deny", "reason": "Customers are removed by a person." }
          }
        }
        """;

    /// <summary>Shows two tools of the everything server; one call of <c>get-sum</c> a month.</summary>
    public const string Everything = """
        {
          "version": "1",
          "default": "deny",
          "tools": {
            "echo": {},
            "get-sum": { "limits": [ { "counter": "sums", "window": "month", "max": 1 } ] }
          }
        }
        """;

    /// <summary>One tool, 1,000 calls a month.</summary>
    public const string Thousand = """
        {
          "version": "1",
          "default": "deny",
          "tools": {
            "get_customer": { "limits": [ { "counter": "reads", "window": "month", "max": 1000 } ] }
          }
        }
        """;
}
