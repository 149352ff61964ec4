namespace Gateway.TestHarness.Azurite;

/// <summary>
/// A test that needs the storage emulator. If everything is required, a missing emulator fails the test.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute() => Skip = Requirements.SkipWithout(AzuriteFolder.Missing);
}
