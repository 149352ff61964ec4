using Gateway.Policy.Variants;

namespace Gateway.Policy.Tests.Variants;

public class ListedNamesTests
{
    [Theory]
    [InlineData("delete_user", "DELETE_USER")]
    [InlineData("delete_user", "ｄｅｌｅｔｅ＿ｕｓｅｒ")]
    [InlineData("delete_user", "dеlete_user")]
    [InlineData("delete_user", "de1ete_user")]
    [InlineData("delete_user", "deIete_user")]
    [InlineData("delete_user", "deІete_user")]
    [InlineData("list_items", "LІST_ІTEMS")]
    [InlineData("list_items", "LIST_ITEMS")]
    [InlineData("delete_user", "DΕLΕΤΕ_USΕR")]
    [InlineData("admin_reset", "adrnin_reset")]
    [InlineData("notify", "ΝΟΤΙFΥ")]
    [InlineData("νοτα", "ΝΟΤΑ")]
    [InlineData("straße", "STRASSE")]
    [InlineData("café", "cafe\u0301")]
    [InlineData("file", "ﬁle")]
    public void Names_that_look_alike_find_each_other(string listed, string other)
    {
        Assert.Equal(listed, Assert.Single(new ListedNames([listed]).Of(other).LookAlikes));
        Assert.Equal(other, Assert.Single(new ListedNames([other]).Of(listed).LookAlikes));
        var both = new ListedNames([listed, other]);
        Assert.Equal((true, other), (both.Of(listed).IsListed, Assert.Single(both.Of(listed).LookAlikes)));
        Assert.Equal((true, listed), (both.Of(other).IsListed, Assert.Single(both.Of(other).LookAlikes)));
    }

    [Theory]
    [InlineData("delete_user", "delete_users")]
    [InlineData("delete_user", "deleteuser")]
    [InlineData("delete_user", "delete-user")]
    [InlineData("get_i", "get_l")]
    [InlineData("vote", "note")]
    [InlineData("café", "cafe")]
    public void Other_names_do_not(string listed, string other) =>
        Assert.Same(NameListing.Unknown, new ListedNames([listed]).Of(other));
}
