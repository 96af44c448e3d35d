use model::{SeededRandom, Uuid};

use super::*;

fn topic(number: u8) -> TopicId {
    TopicId::new(Uuid::from_bytes([number; 16])).unwrap()
}

fn member(name: &str, topics: &[u8]) -> Member {
    Member {
        id: MemberId::new(name).unwrap(),
        instance: None,
        topics: topics.iter().map(|number| topic(*number)).collect(),
        before: Arc::new(Assignment::new()),
    }
}

fn subject(members: Vec<Member>, counts: &[(u8, u32)]) -> Subject {
    let partition_counts = counts.iter().map(|(number, count)| (topic(*number), *count)).collect();
    Subject { members, partition_counts }
}

fn indexes(assignment: &Assignment, number: u8) -> Vec<i32> {
    let of_topic = assignment.partitions().filter(|partition| partition.topic == topic(number));
    of_topic.map(|partition| partition.partition.to_wire()).collect()
}

fn sizes(assigned: &Assigned) -> Vec<usize> {
    assigned.iter().map(Assignment::count).collect()
}

#[test]
fn ranges_are_contiguous_and_the_first_ones_are_longer() {
    let members = ["a", "b", "c"].map(|name| member(name, &[1, 2])).into();
    let assigned = Assignor::Range.assign(&subject(members, &[(1, 7), (2, 2)]));
    let of = |number| assigned.iter().map(|one| indexes(one, number)).collect::<Vec<_>>();
    assert_eq!(of(1), [vec![0, 1, 2], vec![3, 4], vec![5, 6]]);
    assert_eq!(of(2), [vec![0], vec![1], vec![]]);
}

#[test]
fn ranges_go_by_the_instance_id_where_there_is_one() {
    let mut members: Vec<Member> = ["a", "b"].map(|name| member(name, &[1])).into();
    members[0].instance = Some(InstanceId::new("z"));
    let assigned = Assignor::Range.assign(&subject(members, &[(1, 2)]));
    assert_eq!(indexes(&assigned[0], 1), [1]);
}

#[test]
fn a_topic_that_nobody_reads_is_nobodys() {
    for assignor in [Assignor::Range, Assignor::Uniform] {
        let members = vec![member("a", &[1]), member("b", &[])];
        let assigned = assignor.assign(&subject(members, &[(1, 3), (2, 3)]));
        assert_eq!(sizes(&assigned), [3, 0]);
    }
}

#[test]
fn members_with_different_subscriptions_come_as_close_as_they_can() {
    let members = vec![member("a", &[1]), member("b", &[1, 2]), member("c", &[2])];
    let assigned = Assignor::Uniform.assign(&subject(members, &[(1, 2), (2, 7)]));
    assert_eq!(sizes(&assigned), [2, 3, 4]);
}

/// Takes over an assignment as what the members had before.
fn after(mut subject: Subject, assigned: Assigned) -> Subject {
    for (member, assignment) in subject.members.iter_mut().zip(assigned) {
        member.before = Arc::new(assignment);
    }
    subject
}

fn moved(subject: &Subject, assigned: &Assigned) -> usize {
    let of = |(member, now): (&Member, &Assignment)| {
        member.before.partitions().filter(|partition| !now.contains(*partition)).count()
    };
    subject.members.iter().zip(assigned).map(of).sum()
}

#[test]
fn a_uniform_assignment_moves_only_what_it_must() {
    let members = ["a", "b", "c"].map(|name| member(name, &[1])).into();
    let first = subject(members, &[(1, 9)]);
    let assigned = Assignor::Uniform.assign(&first);
    assert_eq!(sizes(&assigned), [3, 3, 3]);
    let mut second = after(first, assigned);
    second.members.push(member("d", &[1]));
    let assigned = Assignor::Uniform.assign(&second);
    assert_eq!(sizes(&assigned), [3, 2, 2, 2]);
    assert_eq!(moved(&second, &assigned), 2);
    let mut third = after(second, assigned);
    third.members.remove(1);
    let assigned = Assignor::Uniform.assign(&third);
    assert_eq!(sizes(&assigned), [3, 3, 3]);
    assert_eq!(moved(&third, &assigned), 0);
}

/// A random subject, with what members had left over from an earlier one.
fn random_subject(random: &mut SeededRandom) -> Subject {
    let below = |random: &mut SeededRandom, bound| u8::try_from(random.below(bound)).unwrap();
    let counts: Vec<(u8, u32)> =
        (1..=1 + below(random, 4)).map(|number| (number, below(random, 9).into())).collect();
    let is_same = random.one_in(2);
    let mut members = Vec::new();
    for number in 0..1 + below(random, 6) {
        let reads = |random: &mut SeededRandom| is_same || random.one_in(2);
        let topics: Vec<u8> =
            counts.iter().map(|(number, _)| *number).filter(|_| reads(random)).collect();
        members.push(member(&format!("m{number}"), &topics));
    }
    let mut subject = subject(members, &counts);
    let all: Vec<PartitionId> =
        subject.partition_counts.keys().flat_map(|topic| subject.partitions(*topic)).collect();
    let mut before = vec![Assignment::new(); subject.members.len()];
    for partition in all {
        if !random.one_in(3) {
            let owner = usize::try_from(random.below(before.len() as u64)).unwrap();
            before[owner].insert(partition);
        }
    }
    subject = after(subject, before);
    subject
}

#[test]
fn whatever_comes_every_partition_that_somebody_reads_has_one_reader() {
    let mut random = SeededRandom::new(848);
    for _ in 0..3_000 {
        let subject = random_subject(&mut random);
        for assignor in [Assignor::Range, Assignor::Uniform] {
            let assigned = assignor.assign(&subject);
            assert_eq!(assigned.len(), subject.members.len());
            let mut owners = BTreeMap::new();
            for (member, assignment) in subject.members.iter().zip(&assigned) {
                for partition in assignment.partitions() {
                    assert!(member.topics.contains(&partition.topic));
                    assert!(owners.insert(partition, &member.id).is_none(), "two have it");
                }
            }
            for topic in subject.partition_counts.keys() {
                if subject.members.iter().any(|member| member.topics.contains(topic)) {
                    assert!(subject.partitions(*topic).all(|it| owners.contains_key(&it)));
                }
            }
            if assignor == Assignor::Uniform {
                check_balance(&subject, &assigned);
                check_moves(&subject, &assigned);
            }
        }
    }
}

/// Where all read the same, nobody gives up more than a balance asks for.
fn check_moves(subject: &Subject, assigned: &Assigned) {
    let mut topics = subject.members.iter().map(|member| &member.topics);
    let first = topics.next().unwrap();
    if !topics.all(|topics| topics == first) {
        return;
    }
    let total: usize = first.iter().map(|topic| subject.partitions(*topic).count()).sum();
    let (share, more) = (total / subject.members.len(), total % subject.members.len());
    let reads = |partition: &PartitionId| first.contains(&partition.topic);
    let held = |member: &Member| member.before.partitions().filter(reads).count();
    let held: Vec<usize> = subject.members.iter().map(held).collect();
    let all: usize = subject.members.iter().map(|member| member.before.count()).sum();
    let unwanted = all - held.iter().sum::<usize>();
    let above: Vec<usize> = held.iter().map(|count| count.saturating_sub(share)).collect();
    let may_keep = above.iter().filter(|count| **count > 0).count().min(more);
    let least = unwanted + above.iter().sum::<usize>() - may_keep;
    assert_eq!(moved(subject, assigned), least, "{assigned:?}");
}

/// Nobody could give one to somebody who has two fewer.
fn check_balance(subject: &Subject, assigned: &Assigned) {
    for most in assigned {
        for (member, least) in subject.members.iter().zip(assigned) {
            let could_take = most.partitions().any(|it| member.topics.contains(&it.topic));
            assert!(!could_take || most.count() <= least.count() + 1, "{assigned:?}");
        }
    }
    // The same once more changes nothing.
    let members = subject.members.iter().zip(assigned).map(|(member, assignment)| Member {
        id: member.id.clone(),
        instance: None,
        topics: member.topics.clone(),
        before: Arc::new(assignment.clone()),
    });
    let again =
        Subject { members: members.collect(), partition_counts: subject.partition_counts.clone() };
    assert_eq!(moved(&again, &Assignor::Uniform.assign(&again)), 0);
}
