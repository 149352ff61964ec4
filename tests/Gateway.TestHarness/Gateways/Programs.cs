namespace Gateway.TestHarness.Gateways;

/// <summary>The product's executables, which stand beside the assembly of the tests that refer to them.</summary>
public static class Programs
{
    /// <summary>
    /// The path of its assembly. <c>GATEWAY_PROGRAM</c> names another one to be tested in its place, such as a
    /// published one.
    /// </summary>
    public static string Gateway { get; } =
        Environment.GetEnvironmentVariable("GATEWAY_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "gateway.dll");
}
