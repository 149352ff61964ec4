namespace Gateway.TestHarness.Gateways;

/// <summary>The product's executables, which stand beside the assembly of the tests that refer to them.</summary>
public static class Programs
{
    public static string Gateway { get; } = Path.Combine(AppContext.BaseDirectory, "gateway.dll");
}
