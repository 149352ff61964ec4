namespace Gateway.TestHarness.Azurite;

/// <summary>A test that needs the storage emulator; where all has to be there, a missing one makes it fail.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AzuriteFactAttribute : FactAttribute
{
    public AzuriteFactAttribute() => Skip = Requirements.SkipWithout(AzuriteFolder.Missing);
}
