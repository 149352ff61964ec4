using Gateway.Policy.Classes;

namespace Gateway.Catalogue.Classifying;

/// <summary>The order of categories from mild to severe, by which the worst of several effects is chosen.</summary>
public static class CategorySeverity
{
    /// <summary>Returns 0 for <see cref="ToolCategory.Read"/> to 5 for <see cref="ToolCategory.Financial"/>.</summary>
    public static int Severity(this ToolCategory category) => category switch
    {
        ToolCategory.Secret => 3,
        ToolCategory.Destructive => 4,
        ToolCategory.Financial => 5,
        ToolCategory.Read or ToolCategory.Write or ToolCategory.Execute => (int)category,
        _ => throw new NotSupportedException($"ToolCategory {category} has no case here."),
    };

    /// <summary>Returns the class that policies use; an uncertain category is none.</summary>
    public static ToolClass Class(this Classification found) => found.Category switch
    {
        _ when !found.IsSure => ToolClass.Uncertain,
        ToolCategory.Read => ToolClass.Read,
        ToolCategory.Write => ToolClass.Write,
        ToolCategory.Execute => ToolClass.Execute,
        ToolCategory.Destructive => ToolClass.Destructive,
        ToolCategory.Financial => ToolClass.Financial,
        ToolCategory.Secret => ToolClass.Secret,
        _ => throw new NotSupportedException($"ToolCategory {found.Category} has no case here."),
    };

    /// <summary>
    /// Returns true if a call can delete, pay or reveal something, which is worse than starting, writing or reading.
    /// </summary>
    public static bool IsGrave(this ToolCategory category) => category.Severity() > ToolCategory.Execute.Severity();
}
