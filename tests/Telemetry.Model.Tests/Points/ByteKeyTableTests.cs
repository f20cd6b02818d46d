using System.Text;

namespace Telemetry.Model.Tests.Points;

public sealed class ByteKeyTableTests
{
    private const int Many = 5_000;

    [Fact]
    public void What_was_added_is_found_by_its_bytes_and_nothing_else_is()
    {
        var table = new ByteKeyTable<string>();
        for (int i = 0; i < Many; i++)
        {
            Assert.False(table.TryFind(Key(i), out _));
            table.Add(Key(i), $"{i}");
        }

        Assert.Equal(Many, table.Count);
        for (int i = 0; i < Many; i++)
        {
            Assert.True(table.TryFind(Key(i), out string? found));
            Assert.Equal($"{i}", found);
        }

        Assert.False(table.TryFind(Key(Many), out _));
        Assert.False(table.TryFind([], out _));
    }

    [Fact]
    public void They_are_listed_in_the_order_in_which_they_were_added()
    {
        var table = new ByteKeyTable<string>();
        for (int i = 0; i < Many; i++)
        {
            table.Add(Key(i), $"{i}");
        }

        Assert.Equal(Enumerable.Range(0, Many).Select(i => $"{i}"), table.InOrder().Select(entry => entry.Value));
        Assert.Equal(Key(7), table.InOrder().ElementAt(7).Key);
    }

    [Fact]
    public void After_all_is_forgotten_the_same_names_can_be_added_again()
    {
        var table = new ByteKeyTable<string>();
        table.Add(Key(1), "old");
        table.Clear();
        Assert.False(table.TryFind(Key(1), out _));
        Assert.Empty(table.InOrder());
        table.Add(Key(1), "new");
        Assert.Equal(["new"], table.InOrder().Select(entry => entry.Value));
    }

    [Fact]
    public void The_key_is_copied()
    {
        var table = new ByteKeyTable<string>();
        byte[] key = Key(1);
        table.Add(key, "one");
        key[0]++;
        Assert.True(table.TryFind(Key(1), out _));
    }

    [Fact]
    public void Nothing_may_be_the_object_of_a_name()
    {
        var table = new ByteKeyTable<string?>();
        table.Add(Key(1), null);
        Assert.True(table.TryFind(Key(1), out string? found));
        Assert.Null(found);
    }

    [Fact]
    public void A_reader_beside_the_writer_never_finds_what_is_wrong()
    {
        var table = new ByteKeyTable<string>();
        int added = 0;
        long wrong = 0;
        var reader = new Thread(() =>
        {
            for (int i = 0; Volatile.Read(ref added) < Many; i = (i + 1) % Many)
            {
                wrong += table.TryFind(Key(i), out string? found) && found != $"{i}" ? 1 : 0;
            }
        });
        reader.Start();
        for (int i = 0; i < Many; i++)
        {
            table.Add(Key(i), $"{i}");
            Volatile.Write(ref added, i + 1);
        }

        reader.Join();
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        var table = new ByteKeyTable<string>();
        table.Add("gateway"u8, "it");
        table.TryFind("gateway"u8, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            table.TryFind("gateway"u8, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Key(int number) => Encoding.ASCII.GetBytes($"key-{number}");
}
