namespace Gateway.Orleans.Tests.Wire;

public sealed class WireContractTests
{
    /// <summary>
    /// To change the wire on purpose: add members with new ids, never reuse or renumber one, and copy what this test
    /// prints into the file beside it.
    /// </summary>
    [Fact]
    public void What_silos_and_frontends_say_to_each_other_is_what_was_approved()
    {
        var approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Wire", "wire-contract.txt"));

        Assert.Equal(approved, WireContract.Of(typeof(ICounterGrain).Assembly), ignoreLineEndingDifferences: true);
    }
}
