using Gateway.Policy.Tools.Testing;

namespace Gateway.Policy.Tests.Tools.Testing;

public partial class CookbookTests
{
    [Fact]
    public void Each_recipe_loads_without_a_warning_and_decides_as_it_says()
    {
        var recipes = Recipe().Matches(File.ReadAllText(SourceTree.PathOf("docs", "how-to", "cookbook.md")));

        Assert.True(recipes.Count >= 14, $"{recipes.Count} recipes");
        foreach (Match recipe in recipes)
        {
            var name = recipe.Groups[1].Value;
            var document = Encoding.UTF8.GetBytes(recipe.Groups[2].Value);
            var loaded = PolicyLoader.Load(document, name);
            Assert.Empty(loaded.Problems);
            var report = CallTests.Run(loaded.Policy!, document, name);
            Assert.NotEmpty(report.Results);
            Assert.Empty(report.Failures);
        }
    }

    [GeneratedRegex("## ([^\n]+)\n[^#]*?```json\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Recipe();
}
