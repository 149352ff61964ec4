using System.Collections.Immutable;

namespace Gateway.Hosting.Demo.SampleServer;

/// <summary>A fictitious customer.</summary>
internal sealed record SampleCustomer(
    string Id, string Name, string Email, string Phone, ImmutableArray<string> Orders)
{
    public static ImmutableArray<SampleCustomer> All { get; } =
    [
        new("c-1001", "Ada Moreno", "ada@example.com", "+54 11 5550 0101", ["o-501: shipped", "o-502: paid"]),
        new("c-1002", "Bo Lindqvist", "bo@example.com", "+46 8 5550 0102", ["o-503: returned"]),
        new("c-1003", "Chidi Okafor", "chidi@example.com", "+234 1 5550 0103", []),
    ];
}
